package org.convoyml.nn.spec;

/**
 * Exponential linear unit: {@code y = x} for {@code x > 0}, else {@code alpha·(e^x − 1)}.
 *
 * @param alpha minus the value that large negative inputs approach; positive and finite
 * @see <a href="https://arxiv.org/abs/1511.07289">Clevert et al., Fast and accurate deep network
 *     learning by exponential linear units</a>
 */
public record Elu(float alpha) implements Activation {
  public Elu {
    if (!(alpha > 0 && Float.isFinite(alpha))) {
      throw new IllegalArgumentException("alpha must be positive and finite, got " + alpha);
    }
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
