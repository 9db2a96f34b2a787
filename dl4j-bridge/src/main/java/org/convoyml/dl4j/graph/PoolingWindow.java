package org.convoyml.dl4j.graph;

import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * Where the windows of a pooling layer lie. Deeplearning4j places them in two ways: with equal
 * borders, leaving out what is no whole window ({@code Truncate}), or with the border that the
 * length of the output asks for, its larger half at the end ({@code Same}).
 *
 * @param border for one input
 */
record PoolingWindow(Size kernel, Size stride, Padding border) {
  /** Whether the last window ends within the border. */
  boolean endsWithin(Shape input, Shape output) {
    return missing(input.height(), output.height(), kernel.height(), stride.height(), border.top())
            <= border.bottom()
        && missing(input.width(), output.width(), kernel.width(), stride.width(), border.left())
            <= border.right();
  }

  /** Rows that the last window has behind the input's last. */
  private static int missing(int input, int output, int kernel, int stride, int before) {
    return (output - 1) * stride + kernel - before - input;
  }

  boolean isTruncated(Shape input, Shape output) {
    return truncates(
            input.height(), output.height(), kernel.height(), stride.height(), border.top())
        && truncates(input.width(), output.width(), kernel.width(), stride.width(), border.left());
  }

  /** Whether an equal border at the end makes as many windows. */
  private static boolean truncates(int input, int output, int kernel, int stride, int before) {
    return (input + 2 * before - kernel) / stride + 1 == output && input + 2 * before >= kernel;
  }

  boolean isSame(Shape input, Shape output) {
    return isSame(input.height(), output.height(), kernel.height(), stride.height(), border.top())
        && isSame(input.width(), output.width(), kernel.width(), stride.width(), border.left());
  }

  private static boolean isSame(int input, int output, int kernel, int stride, int before) {
    int needed = Math.max(0, (output - 1) * stride + kernel - input);
    return output == (input + stride - 1) / stride && before == needed / 2;
  }
}
