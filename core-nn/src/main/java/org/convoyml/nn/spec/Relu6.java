package org.convoyml.nn.spec;

/**
 * ReLU with a ceiling: {@code y = min(max(0, x), 6)}; its gradient is 0 where {@code x ≤ 0} or
 * {@code x ≥ 6}.
 *
 * @see <a href="https://arxiv.org/abs/1704.04861">Howard et al., MobileNets</a>
 */
public record Relu6() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
