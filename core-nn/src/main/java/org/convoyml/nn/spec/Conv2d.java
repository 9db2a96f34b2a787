package org.convoyml.nn.spec;

import java.util.List;

/**
 * Two-dimensional convolution (cross-correlation) with square or rectangular kernels.
 *
 * <p>Input {@code (N, C, H, W)}, weights {@code (K, C/groups, R, S)}, bias {@code (K)}, output
 * {@code (N, K, P, Q)} with {@code P = floor((H + top + bottom − dilation·(R−1) − 1) / stride) +
 * 1}, likewise {@code Q}.
 *
 * @param filters {@code K}, output channels
 * @param kernel {@code R×S}
 * @param stride step of the kernel
 * @param padding zeros around the input; {@link #border} says how many for one input
 * @param dilation distance of neighbouring kernel elements; 1 is a dense kernel
 * @param groups how many separate groups the channels form; divides {@code C} and {@code K}
 * @param bias whether a bias is added
 * @param initializer how the weights start
 * @see <a href="https://arxiv.org/abs/1603.07285">Dumoulin and Visin, A guide to convolution
 *     arithmetic</a>
 */
public record Conv2d(
    int filters,
    Size kernel,
    Size stride,
    Padding padding,
    Size dilation,
    int groups,
    boolean bias,
    Initializer initializer)
    implements LayerSpec {
  public Conv2d {
    if (filters <= 0) {
      throw new IllegalArgumentException("filters must be positive, got " + filters);
    }
    if (groups <= 0 || filters % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide the filters, got %d groups for %d filters"
              .formatted(groups, filters));
    }
  }

  /** A convolution with bias, stride 1 and no padding. */
  public static Conv2d of(int filters, int kernel) {
    return new Conv2d(
        filters,
        Size.square(kernel),
        Size.ONE,
        Padding.NONE,
        Size.ONE,
        1,
        true,
        Initializer.HE_NORMAL);
  }

  public Conv2d withStride(int side) {
    return withStride(Size.square(side));
  }

  /** The same with another step of the kernel. */
  public Conv2d withStride(Size other) {
    return new Conv2d(filters, kernel, other, padding, dilation, groups, bias, initializer);
  }

  public Conv2d withPadding(int border) {
    return withPadding(Padding.all(border));
  }

  /** The same with another start. */
  public Conv2d withInitializer(Initializer other) {
    return new Conv2d(filters, kernel, stride, padding, dilation, groups, bias, other);
  }

  /** The same with another border. */
  public Conv2d withPadding(Padding other) {
    return new Conv2d(filters, kernel, stride, other, dilation, groups, bias, initializer);
  }

  /** The same with a rectangular kernel. */
  public Conv2d withKernel(Size other) {
    return new Conv2d(filters, other, stride, padding, dilation, groups, bias, initializer);
  }

  /** The same in groups of channels; as many groups as channels make it depthwise. */
  public Conv2d withGroups(int number) {
    return new Conv2d(filters, kernel, stride, padding, dilation, number, bias, initializer);
  }

  public Conv2d withoutBias() {
    return new Conv2d(filters, kernel, stride, padding, dilation, groups, false, initializer);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape input = Inputs.onlySpatial(inputs);
    if (input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide the input channels, got %d groups (input %s)"
              .formatted(groups, input));
    }
    Padding border = border(input);
    int height =
        Inputs.windows(
            input.height(),
            border.top(),
            border.bottom(),
            kernel.height(),
            dilation.height(),
            stride.height(),
            input);
    int width =
        Inputs.windows(
            input.width(),
            border.left(),
            border.right(),
            kernel.width(),
            dilation.width(),
            stride.width(),
            input);
    return Shape.of(filters, height, width);
  }

  /** The zeros around an input of this shape. */
  public Padding border(Shape input) {
    return padding.of(input, kernel, dilation, stride);
  }

  @Override
  public long multiplyAdds(List<Shape> inputs) {
    long eachOutput = (long) inputs.get(0).channels() / groups * kernel.height() * kernel.width();
    return outputShape(inputs).elements() * eachOutput;
  }

  /** For example {@code Conv2d 3×3, stride 2, groups 32}. */
  @Override
  public String description() {
    return "Conv2d "
        + kernel
        + stride.strideDescription()
        + (dilation.equals(Size.ONE) ? "" : ", dilation " + dilation)
        + (groups == 1 ? "" : ", groups " + groups);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    int area = kernel.height() * kernel.width();
    int channels = Inputs.onlySpatial(inputs).channels() / groups;
    ParameterSpec weight =
        ParameterSpec.weight(
            List.of(filters, channels, kernel.height(), kernel.width()),
            initializer,
            channels * area,
            filters / groups * area);
    return bias ? List.of(weight, ParameterSpec.bias(filters)) : List.of(weight);
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
