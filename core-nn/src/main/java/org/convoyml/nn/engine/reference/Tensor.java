package org.convoyml.nn.engine.reference;

import java.util.Arrays;
import java.util.List;
import org.convoyml.nn.spec.Shape;

/**
 * A four-dimensional row-major array {@code (count, channels, height, width)} of values, and the
 * gradient of the loss with respect to each, where somebody needs it. What has fewer dimensions has
 * trailing ones: features are {@code (N, C, 1, 1)}, dense weights {@code (K, C, 1, 1)}, a bias
 * {@code (K, 1, 1, 1)}.
 */
final class Tensor {
  final int channels;
  final int height;
  final int width;
  final double[] value;

  /** As long as {@link #value}; empty if there is none: see {@link #hasGradient}. */
  final double[] gradient;

  private Tensor(int count, int channels, int height, int width, boolean withGradient) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    int length =
        Math.multiplyExact(Math.multiplyExact(count, channels), Math.multiplyExact(height, width));
    this.value = new double[length];
    this.gradient = new double[withGradient ? length : 0];
  }

  /** Room for {@code count} examples. */
  static Tensor ofExamples(int count, Shape shape, boolean withGradient) {
    return new Tensor(count, shape.channels(), shape.height(), shape.width(), withGradient);
  }

  /** Room for a parameter of one to four dimensions. */
  static Tensor ofParameter(List<Integer> shape, boolean withGradient) {
    int[] four = {1, 1, 1, 1};
    for (int i = 0; i < shape.size(); i++) {
      four[i] = shape.get(i);
    }
    return new Tensor(four[0], four[1], four[2], four[3], withGradient);
  }

  /** The shape of one example that is a feature map. */
  Shape shape() {
    return Shape.of(channels, height, width);
  }

  int at(int n, int c) {
    return at(n, c, 0, 0);
  }

  int at(int n, int c, int h, int w) {
    return ((n * channels + c) * height + h) * width + w;
  }

  /** How many numbers one example has. */
  int exampleLength() {
    return channels * height * width;
  }

  /**
   * Whether the gradient with respect to it is computed: not when compiled for inference, nor for a
   * frozen parameter, nor for an activation below which nothing is trained.
   */
  boolean hasGradient() {
    return gradient.length > 0;
  }

  void clearGradient() {
    Arrays.fill(gradient, 0);
  }

  long bytes() {
    return (long) Double.BYTES * (value.length + gradient.length);
  }
}
