package org.convoyml.dl4j.exchange;

import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * Numbers that lie together in Deeplearning4j's flat vector, and the tensor of Convoy's that they
 * are. Blocks follow one another without gaps.
 *
 * @param tensor name of the slice, such as {@code conv1.weight}
 * @param length how many numbers
 * @param order in which they lie
 * @param updater what follows their gradient; missing for what has no state
 */
record WeightBlock(String tensor, int length, Order order, JsonPlace updater) {
  /** In what order numbers lie; Convoy's is always {@code (K, C/groups, R, S)} row by row. */
  sealed interface Order {
    /** Where the number at this index of the block lies in Convoy's tensor. */
    int canonical(int index);
  }

  /**
   * Convoy's own. Dense weights are among them: {@code (C, K)} column by column is {@code (K, C)}
   * row by row.
   */
  record Canonical() implements Order {
    @Override
    public int canonical(int index) {
      return index;
    }
  }

  /** {@code (R, S, C, M)} row by row, where filter {@code c·M + m} is of channel c. */
  record Depthwise(int area, int channels, int multiplier) implements Order {
    @Override
    public int canonical(int index) {
      int filters = channels * multiplier;
      return index % filters * area + index / filters;
    }
  }

  /** {@code (M, C, R, S)} row by row, of the same filters. */
  record Separable(int area, int channels, int multiplier) implements Order {
    @Override
    public int canonical(int index) {
      int filter = index / area;
      return (filter % channels * multiplier + filter / channels) * area + index % area;
    }
  }

  /** Canonical, but with logarithms of deviations instead of variances. */
  record LogDeviation() implements Order {
    @Override
    public int canonical(int index) {
      return index;
    }

    static float variance(float logarithm) {
      return (float) StrictMath.pow(10, 2.0 * logarithm);
    }
  }

  boolean hasState() {
    return !updater.node().isMissingNode();
  }

  /** Copies the block from Deeplearning4j's vector into Convoy's. */
  void toConvoy(float[] theirs, int from, ParameterLayout layout, float[] ours) {
    ParameterSlice slice = layout.slice(tensor);
    for (int i = 0; i < length; i++) {
      float number = theirs[from + i];
      ours[slice.offset() + order.canonical(i)] =
          order instanceof LogDeviation ? LogDeviation.variance(number) : number;
    }
  }

  /** Copies the block from a vector like Convoy's into one like Deeplearning4j's. */
  void fromConvoy(float[] ours, ParameterLayout layout, float[] theirs, int to) {
    ParameterSlice slice = layout.slice(tensor);
    for (int i = 0; i < length; i++) {
      theirs[to + i] = ours[slice.offset() + order.canonical(i)];
    }
  }
}
