package org.convoyml.nn.spec;

/** Rectified linear unit: {@code y = max(0, x)}; its gradient at 0 is 0. */
public record Relu() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
