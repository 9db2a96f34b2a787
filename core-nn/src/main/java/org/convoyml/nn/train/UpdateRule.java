package org.convoyml.nn.train;

/**
 * All that decides how a step changes parameters, but for the learning rate.
 *
 * @param optimizer how parameters follow their gradient
 * @param weightDecay of weights; biases and batch norm's scale and shift do not decay. At least 0
 * @param clipNorm the gradient of all trained parameters is scaled down to this Euclidean norm; 0
 *     leaves it as it is
 * @param averageDecay of the exponential moving average of parameters and running statistics, in
 *     [0, 1); 0 for none
 */
public record UpdateRule(
    Optimizer optimizer, float weightDecay, float clipNorm, float averageDecay) {
  public UpdateRule {
    Checks.notNegative("weight decay", weightDecay);
    Checks.notNegative("the clipping norm", clipNorm);
    Checks.share("the decay of the average", averageDecay);
  }

  /** The optimizer alone. */
  public static UpdateRule of(Optimizer optimizer) {
    return new UpdateRule(optimizer, 0, 0, 0);
  }

  /** State vectors of the optimizer, and one for the average if there is one: it comes last. */
  public int stateVectors() {
    return optimizer.stateVectors() + (averages() ? 1 : 0);
  }

  /** Whether a moving average is kept. */
  public boolean averages() {
    return averageDecay > 0;
  }

  /** Whether a step needs to know norms of more than what one worker owns. */
  public boolean needsNorms() {
    return clipNorm > 0 || optimizer.needsNorms();
  }
}
