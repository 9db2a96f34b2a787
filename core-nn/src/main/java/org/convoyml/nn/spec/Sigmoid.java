package org.convoyml.nn.spec;

/** Logistic function: {@code y = 1 / (1 + e^−x)}. */
public record Sigmoid() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
