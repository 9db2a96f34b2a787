package org.convoyml.nn.spec;

/**
 * Piecewise approximation of {@link Silu}: {@code y = x·min(max(0, x + 3), 6) / 6}.
 *
 * @see <a href="https://arxiv.org/abs/1905.02244">Howard et al., Searching for MobileNetV3</a>
 */
public record HardSwish() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
