package org.convoyml.nn.spec;

import java.util.List;

/** Checks and arithmetic that several layers share. */
final class Inputs {
  private Inputs() {}

  static Shape only(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("expected 1 input, got " + inputs.size());
    }
    return inputs.get(0);
  }

  static Shape onlySpatial(List<Shape> inputs) {
    Shape input = only(inputs);
    if (!input.isSpatial()) {
      throw new IllegalArgumentException("expected an input C×H×W, got " + input + " features");
    }
    return input;
  }

  /**
   * Output length of a sliding window: {@code floor((input + before + after − dilation·(kernel−1) −
   * 1) / stride) + 1}.
   */
  static int windows(
      int input, int before, int after, int kernel, int dilation, int stride, Shape shape) {
    long extent = (long) dilation * (kernel - 1) + 1;
    long padded = (long) input + before + after;
    if (padded > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the padded input is %d long, more than 2^31-1 (input %s)".formatted(padded, shape));
    }
    if (extent > padded) {
      throw new IllegalArgumentException(
          "kernel spans %d, but the padded input has only %d (input %s)"
              .formatted(extent, padded, shape));
    }
    return (int) ((padded - extent) / stride) + 1;
  }

  static Shape pooled(
      List<Shape> inputs, Size kernel, Size stride, Padding border, boolean ceilMode) {
    Shape input = onlySpatial(inputs);
    Padding padding = border.of(input, kernel, Size.ONE, stride);
    if (Math.max(padding.top(), padding.bottom()) >= kernel.height()
        || Math.max(padding.left(), padding.right()) >= kernel.width()) {
      throw new IllegalArgumentException(
          "padding must be smaller than the kernel %s, or a window would lie in the padding alone"
              .formatted(kernel));
    }
    int height =
        pooledLength(
            input.height(),
            padding.top(),
            padding.bottom(),
            kernel.height(),
            stride.height(),
            ceilMode,
            input);
    int width =
        pooledLength(
            input.width(),
            padding.left(),
            padding.right(),
            kernel.width(),
            stride.width(),
            ceilMode,
            input);
    return Shape.of(input.channels(), height, width);
  }

  private static int pooledLength(
      int input, int before, int after, int kernel, int stride, boolean ceilMode, Shape shape) {
    long missing = kernel - ((long) input + before + after);
    if (ceilMode && missing > 0 && missing < stride) {
      // As in PyTorch: one window, of which less than a stride lies beyond the padded input.
      return 1;
    }
    int floor = windows(input, before, after, kernel, 1, stride, shape);
    boolean partial = (input + before + after - kernel) % stride != 0;
    // As in PyTorch: a window that would start beyond the input and its leading padding is left
    // out.
    return ceilMode && partial && (long) floor * stride < input + before ? floor + 1 : floor;
  }
}
