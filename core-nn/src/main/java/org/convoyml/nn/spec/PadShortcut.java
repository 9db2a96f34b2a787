package org.convoyml.nn.spec;

import java.util.List;

/**
 * The shortcut without parameters of the CIFAR ResNets (option A): takes every {@code stride}-th
 * row and column, and puts channels of zeros before and behind until there are {@code filters}.
 *
 * <p>Input {@code (N, C, H, W)}, output {@code (N, K, P, Q)} with {@code P = ⌈H / stride⌉},
 * likewise {@code Q}; input channel {@code c} becomes output channel {@code c + ⌊(K − C) / 2⌋}.
 *
 * @param filters {@code K}, at least {@code C}
 * @param stride step of rows and columns
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., Deep residual learning for image
 *     recognition, section 3.3</a>
 */
public record PadShortcut(int filters, Size stride) implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape input = Inputs.onlySpatial(inputs);
    if (filters < input.channels()) {
      throw new IllegalArgumentException(
          "expected at most %d input channels, got %d (input %s)"
              .formatted(filters, input.channels(), input));
    }
    return Shape.of(
        filters,
        (input.height() - 1) / stride.height() + 1,
        (input.width() - 1) / stride.width() + 1);
  }

  /** The output channel that input channel 0 becomes. */
  public int firstChannel(Shape input) {
    return (filters - input.channels()) / 2;
  }

  /** For example {@code PadShortcut, stride 2}. */
  @Override
  public String description() {
    return "PadShortcut" + stride.strideDescription();
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
