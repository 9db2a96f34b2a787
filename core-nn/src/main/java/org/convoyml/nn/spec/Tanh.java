package org.convoyml.nn.spec;

import java.util.List;

/** Hyperbolic tangent: {@code y = tanh(x)}. Input and output have the same shape. */
public record Tanh() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.only(inputs);
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
