package org.convoyml.nn.spec;

import java.util.List;

/**
 * Fully connected layer: {@code y = W·x + b}.
 *
 * <p>Input {@code (N, C)}, weights {@code (K, C)}, bias {@code (K)}, output {@code (N, K)}. A
 * feature map must pass through {@link Flatten} first.
 *
 * @param units {@code K}
 * @param bias whether a bias is added
 * @param initializer how the weights start
 */
public record Dense(int units, boolean bias, Initializer initializer) implements LayerSpec {
  public Dense {
    if (units <= 0) {
      throw new IllegalArgumentException("units must be positive, got " + units);
    }
  }

  /** With bias and He's normal initialisation. */
  public static Dense of(int units) {
    return new Dense(units, true, Initializer.HE_NORMAL);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape input = Inputs.only(inputs);
    if (input.isSpatial()) {
      throw new IllegalArgumentException(
          "expected an input of features, got " + input + " (put a flatten layer before it)");
    }
    return Shape.of(units);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    int features = Inputs.only(inputs).channels();
    ParameterSpec weight =
        ParameterSpec.weight(List.of(units, features), initializer, features, units);
    return bias ? List.of(weight, ParameterSpec.bias(units)) : List.of(weight);
  }

  @Override
  public long multiplyAdds(List<Shape> inputs) {
    return (long) inputs.get(0).elements() * units;
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
