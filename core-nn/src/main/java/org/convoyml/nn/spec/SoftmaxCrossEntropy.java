package org.convoyml.nn.spec;

import java.util.List;

/**
 * Cross-entropy of the softmax {@code p} of logits {@code z} {@code (N, K)} against a distribution
 * over classes: {@code −Σ_k w_k·q_k·log p_k}, with gradient {@code p_j·Σ_k w_k·q_k − w_j·q_j}.
 * Summed, not averaged, over the micro-batch.
 *
 * <p>{@code q = (1 − labelSmoothing)·t + labelSmoothing/K}, where {@code t} is 1 at the example's
 * class, or the example's soft labels, each in [0, 1].
 *
 * @param labelSmoothing in [0, 1); 0 for none
 * @param classWeights {@code w}, one positive factor for each class; empty for ones
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al., Rethinking the Inception
 *     architecture, section 7</a>
 */
public record SoftmaxCrossEntropy(float labelSmoothing, List<Float> classWeights) implements Loss {
  public SoftmaxCrossEntropy {
    classWeights = List.copyOf(classWeights);
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing must be in [0, 1), got " + labelSmoothing);
    }
    for (float weight : classWeights) {
      if (!(weight > 0 && Float.isFinite(weight))) {
        throw new IllegalArgumentException(
            "class weights must be positive and finite, got " + weight);
      }
    }
  }

  /** Without smoothing, all classes alike. */
  public SoftmaxCrossEntropy() {
    this(0, List.of());
  }
}
