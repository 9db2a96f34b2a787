package org.convoyml.nn.spec;

import java.util.List;

/**
 * Maximum over sliding windows of each channel; of equal values the first in row-major order gets
 * the gradient.
 *
 * <p>Input {@code (N, C, H, W)}, output {@code (N, C, P, Q)} with {@code P = floor((H + top +
 * bottom − R) / stride) + 1}, or the ceiling of it in ceil mode, as in PyTorch: a window that
 * starts beyond the input and its leading padding is left out, and the only window may be longer
 * than the padded input, by less than a stride. Padding never wins the maximum.
 *
 * @param kernel {@code R×S}
 * @param stride step of the window
 * @param padding border, smaller than the kernel; {@link #border} says how much for one input
 * @param ceilMode whether a last, partial window counts
 */
public record MaxPool2d(Size kernel, Size stride, Padding padding, boolean ceilMode)
    implements LayerSpec {

  /** A square window that steps by its own side, without padding. */
  public static MaxPool2d of(int side) {
    return new MaxPool2d(Size.square(side), Size.square(side), Padding.NONE, false);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.pooled(inputs, kernel, stride, padding, ceilMode);
  }

  /** The border around an input of this shape. */
  public Padding border(Shape input) {
    return padding.of(input, kernel, Size.ONE, stride);
  }

  /** For example {@code MaxPool2d 3×3, stride 2}. */
  @Override
  public String description() {
    return "MaxPool2d " + kernel + stride.strideDescription();
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
