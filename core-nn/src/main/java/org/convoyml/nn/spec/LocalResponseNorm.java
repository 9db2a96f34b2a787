package org.convoyml.nn.spec;

import java.util.List;

/**
 * Normalisation across neighbouring channels: {@code y_c = x_c / (k + alpha/size · Σ x_j²)^beta},
 * the sum over the {@code size} channels around {@code c} that exist.
 *
 * @param size how many channels, odd
 * @param alpha factor of the mean square, finite and not negative
 * @param beta exponent, positive and finite
 * @param k added to it, positive and finite
 * @see <a href="https://papers.nips.cc/paper/4824">Krizhevsky et al., ImageNet classification with
 *     deep convolutional neural networks</a>
 */
public record LocalResponseNorm(int size, float alpha, float beta, float k) implements LayerSpec {
  public LocalResponseNorm {
    if (size < 1 || size % 2 == 0) {
      throw new IllegalArgumentException("size must be odd and positive, got " + size);
    }
    if (!(alpha >= 0 && Float.isFinite(alpha))) {
      throw new IllegalArgumentException("alpha must be finite and not negative, got " + alpha);
    }
    if (!(beta > 0 && Float.isFinite(beta))) {
      throw new IllegalArgumentException("beta must be positive and finite, got " + beta);
    }
    if (!(k > 0 && Float.isFinite(k))) {
      throw new IllegalArgumentException("k must be positive and finite, got " + k);
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.onlySpatial(inputs);
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
