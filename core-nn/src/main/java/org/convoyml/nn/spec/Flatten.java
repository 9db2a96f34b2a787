package org.convoyml.nn.spec;

import java.util.List;

/** {@code (N, C, H, W)} to {@code (N, C·H·W)}, channel by channel, row by row. */
public record Flatten() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.of(Inputs.only(inputs).elements());
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
