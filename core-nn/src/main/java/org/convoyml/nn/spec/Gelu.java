package org.convoyml.nn.spec;

/**
 * Gaussian error linear unit: {@code y = x·Φ(x)} with the normal distribution's Φ, exactly (not the
 * approximation by tanh).
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian error linear
 *     units</a>
 */
public record Gelu() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
