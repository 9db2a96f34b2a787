package org.convoyml.nn.spec;

import java.util.List;

/**
 * Channels of all inputs one behind the other: inputs {@code (N, C₁, H, W)}, {@code (N, C₂, H, W)},
 * …, output {@code (N, C₁ + C₂ + …, H, W)}; or features likewise.
 */
public record Concat() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new IllegalArgumentException("expected at least 2 inputs, got " + inputs.size());
    }
    Shape first = inputs.get(0);
    long channels = 0;
    for (Shape input : inputs) {
      if (input.isSpatial() != first.isSpatial()
          || input.height() != first.height()
          || input.width() != first.width()) {
        throw new IllegalArgumentException(
            "inputs may differ in channels only, got " + first + " and " + input);
      }
      channels += input.channels();
    }
    if (channels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("more than 2^31-1 channels: " + channels);
    }
    return first.isSpatial()
        ? Shape.of((int) channels, first.height(), first.width())
        : Shape.of((int) channels);
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
