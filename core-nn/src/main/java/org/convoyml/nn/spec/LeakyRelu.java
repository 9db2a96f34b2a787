package org.convoyml.nn.spec;

/**
 * ReLU that leaks: {@code y = x} for {@code x > 0}, else {@code slope·x}.
 *
 * @param slope for negative inputs, in [0, 1)
 * @see <a href="https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf">Maas et al.,
 *     Rectifier nonlinearities improve neural network acoustic models</a>
 */
public record LeakyRelu(float slope) implements Activation {
  public LeakyRelu {
    if (!(slope >= 0 && slope < 1)) {
      throw new IllegalArgumentException("slope must be in [0, 1), got " + slope);
    }
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
