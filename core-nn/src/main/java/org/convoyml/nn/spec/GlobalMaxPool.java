package org.convoyml.nn.spec;

import java.util.List;

/**
 * Maximum of each channel over the whole map; of equal values the first in row-major order gets the
 * gradient. Input {@code (N, C, H, W)}, output {@code (N, C)}: a dense layer can follow at once.
 */
public record GlobalMaxPool() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.of(Inputs.onlySpatial(inputs).channels());
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
