package org.convoyml.nn.spec;

import java.util.List;

/**
 * Rectified linear unit: {@code y = max(0, x)}; its gradient at 0 is 0. Input and output have the
 * same shape.
 */
public record Relu() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.only(inputs);
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
