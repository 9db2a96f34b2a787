package org.convoyml.nn.spec;

import java.util.List;

/**
 * Mean of each channel over the whole map. Input {@code (N, C, H, W)}, output {@code (N, C)}: a
 * dense layer can follow at once.
 */
public record GlobalAveragePool() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.of(Inputs.onlySpatial(inputs).channels());
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
