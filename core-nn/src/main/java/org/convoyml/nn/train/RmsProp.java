package org.convoyml.nn.train;

/**
 * RMSProp, in PyTorch's form: {@code g ← g + decay·p}, {@code s ← alpha·s + (1 − alpha)·g²}, {@code
 * v ← momentum·v + g/(√s + epsilon)}, {@code p ← p − rate·v}.
 *
 * @param alpha share of the old mean square, in [0, 1)
 * @param epsilon positive
 * @param momentum in [0, 1)
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Hinton,
 *     Neural networks for machine learning, lecture 6</a>
 */
public record RmsProp(float alpha, float epsilon, float momentum) implements Optimizer {
  public RmsProp {
    Checks.share("alpha", alpha);
    Checks.positive("epsilon", epsilon);
    Checks.share("momentum", momentum);
  }

  @Override
  public int stateVectors() {
    return momentum == 0 ? 1 : 2;
  }

  @Override
  public void update(
      float[] parameters, float[] gradient, float[][] state, int from, int to, Step step) {
    float rate = step.learningRate();
    float decay = step.weightDecay();
    float[] meanSquare = state[0];
    for (int i = from; i < to; i++) {
      float g = gradient[i] + decay * parameters[i];
      float s = Tiny.flushed(alpha * meanSquare[i] + (1 - alpha) * g * g);
      meanSquare[i] = s;
      float direction = g / ((float) Math.sqrt(s) + epsilon);
      if (momentum > 0) {
        direction = Tiny.flushed(momentum * state[1][i] + direction);
        state[1][i] = direction;
      }
      parameters[i] -= rate * direction;
    }
  }

  /** As {@link Optimizer#parse} reads it. */
  @Override
  public String toString() {
    return "rmsprop(alpha=%s, epsilon=%s, momentum=%s)".formatted(alpha, epsilon, momentum);
  }
}
