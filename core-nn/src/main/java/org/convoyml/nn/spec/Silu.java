package org.convoyml.nn.spec;

/**
 * Sigmoid linear unit, also called swish: {@code y = x / (1 + e^−x)}.
 *
 * @see <a href="https://arxiv.org/abs/1710.05941">Ramachandran et al., Searching for activation
 *     functions</a>
 */
public record Silu() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
