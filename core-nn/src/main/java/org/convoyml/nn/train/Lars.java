package org.convoyml.nn.train;

/**
 * Layer-wise adaptive rate scaling: momentum with a rate for each tensor, {@code v ← momentum·v +
 * rate·ratio·(g + decay·p)}, {@code p ← p − v}, where {@code ratio = trust·‖p‖ / (‖g‖ + decay·‖p‖ +
 * epsilon)}. Tensors that do not decay (biases, batch norm) have ratio 1, as do those whose norm or
 * whose gradient's norm is zero.
 *
 * @param momentum in [0, 1)
 * @param trust positive
 * @param epsilon positive
 * @see <a href="https://arxiv.org/abs/1708.03888">You, Gitman and Ginsburg, Large batch training of
 *     convolutional networks, algorithm 1</a>
 */
public record Lars(float momentum, float trust, float epsilon) implements Optimizer {
  public Lars {
    Checks.share("momentum", momentum);
    Checks.positive("trust", trust);
    Checks.positive("epsilon", epsilon);
  }

  @Override
  public int stateVectors() {
    return 1;
  }

  @Override
  public boolean needsNorms() {
    return true;
  }

  @Override
  public void update(
      float[] parameters, float[] gradient, float[][] state, int from, int to, Step step) {
    float decay = step.weightDecay();
    double norm = step.parameterNorm();
    double slope = step.gradientNorm();
    double ratio = 1;
    if (step.isAdapted() && norm > 0 && slope > 0) {
      ratio = trust * norm / (slope + decay * norm + epsilon);
    }
    float rate = (float) (step.learningRate() * ratio);
    float[] velocity = state[0];
    for (int i = from; i < to; i++) {
      float g = gradient[i] + decay * parameters[i];
      float v = Tiny.flushed(momentum * velocity[i] + rate * g);
      velocity[i] = v;
      parameters[i] -= v;
    }
  }

  /** As {@link Optimizer#parse} reads it. */
  @Override
  public String toString() {
    return "lars(momentum=%s, trust=%s, epsilon=%s)".formatted(momentum, trust, epsilon);
  }
}
