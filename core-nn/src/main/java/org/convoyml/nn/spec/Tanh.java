package org.convoyml.nn.spec;

/** Hyperbolic tangent: {@code y = tanh(x)}. */
public record Tanh() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
