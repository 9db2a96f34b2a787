package org.convoyml.nn.spec;

import java.util.List;

/**
 * One tensor that a layer owns.
 *
 * @param name within the layer, in PyTorch's words: {@code weight}, {@code bias}, {@code
 *     running_mean}, {@code running_var}
 * @param shape canonical shape: {@code (K, C/groups, R, S)} for convolutions, {@code (K, C)} for
 *     dense layers, {@code (C)}
 * @param kind what it is to the layer
 * @param initializer how it starts
 * @param fanIn connections into one unit; 1 where it has no meaning
 * @param fanOut connections out of one unit; 1 where it has no meaning
 * @param runningMomentum the share of the newest micro-batch in a running statistic, 0 for trained
 *     tensors
 */
public record ParameterSpec(
    String name,
    List<Integer> shape,
    ParameterKind kind,
    Initializer initializer,
    int fanIn,
    int fanOut,
    float runningMomentum) {
  public ParameterSpec {
    shape = List.copyOf(shape);
    long elements = 1;
    for (int dimension : shape) {
      elements *= dimension;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(name + " has more than 2^31-1 elements: " + shape);
      }
    }
  }

  static ParameterSpec weight(List<Integer> shape, Initializer initializer, int fanIn, int fanOut) {
    return new ParameterSpec("weight", shape, ParameterKind.WEIGHT, initializer, fanIn, fanOut, 0);
  }

  static ParameterSpec bias(int channels) {
    return new ParameterSpec(
        "bias", List.of(channels), ParameterKind.BIAS, Initializer.ZEROS, 1, 1, 0);
  }

  /** How many numbers it has. */
  public int elements() {
    // By index: steps ask for it, and may not allocate.
    int elements = 1;
    for (int i = 0; i < shape.size(); i++) {
      elements *= shape.get(i);
    }
    return elements;
  }
}
