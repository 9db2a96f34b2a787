package org.convoyml.nn.spec;

import java.util.List;

/**
 * Mean over sliding windows of each channel.
 *
 * <p>Input {@code (N, C, H, W)}, output {@code (N, C, P, Q)}, shaped as by {@link MaxPool2d}. The
 * divisor is the number of input elements in the window; with {@code countPadding} it also counts
 * padding inside the explicit border (never the part of a ceil-mode window that lies beyond it), as
 * PyTorch's {@code count_include_pad}.
 *
 * @param kernel {@code R×S}
 * @param stride step of the window
 * @param padding border, smaller than the kernel; {@link #border} says how much for one input
 * @param ceilMode whether a last, partial window counts
 * @param countPadding whether padding counts in the divisor
 */
public record AveragePool2d(
    Size kernel, Size stride, Padding padding, boolean ceilMode, boolean countPadding)
    implements LayerSpec {

  /** A square window that steps by its own side, without padding. */
  public static AveragePool2d of(int side) {
    return new AveragePool2d(Size.square(side), Size.square(side), Padding.NONE, false, false);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.pooled(inputs, kernel, stride, padding, ceilMode);
  }

  /** The border around an input of this shape. */
  public Padding border(Shape input) {
    return padding.of(input, kernel, Size.ONE, stride);
  }

  /** For example {@code AveragePool2d 3×3, stride 2}. */
  @Override
  public String description() {
    return "AveragePool2d " + kernel + stride.strideDescription();
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
