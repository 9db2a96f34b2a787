package org.convoyml.nn.train;

/**
 * Adam, in PyTorch's form: {@code m ← β₁·m + (1 − β₁)·g}, {@code v ← β₂·v + (1 − β₂)·g²}, {@code p
 * ← p − rate · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)}. Weight decay is added to the gradient;
 * decoupled (AdamW) it shrinks the parameter before the step, {@code p ← p − rate·decay·p}.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param decoupled whether this is AdamW
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled weight decay
 *     regularization</a>
 */
public record Adam(float beta1, float beta2, float epsilon, boolean decoupled)
    implements Optimizer {
  public Adam {
    Checks.share("beta1", beta1);
    Checks.share("beta2", beta2);
    Checks.positive("epsilon", epsilon);
  }

  @Override
  public int stateVectors() {
    return 2;
  }

  @Override
  public void update(
      float[] parameters, float[] gradient, float[][] state, int from, int to, Step step) {
    float[] mean = state[0];
    float[] meanSquare = state[1];
    double correction1 = 1 - StrictMath.pow(beta1, step.number());
    double correction2 = StrictMath.sqrt(1 - StrictMath.pow(beta2, step.number()));
    float size = (float) (step.learningRate() / correction1);
    float spread = (float) (1 / correction2);
    float added = decoupled ? 0 : step.weightDecay();
    float kept = decoupled ? 1 - step.learningRate() * step.weightDecay() : 1;
    for (int i = from; i < to; i++) {
      float g = gradient[i] + added * parameters[i];
      float m = Tiny.flushed(beta1 * mean[i] + (1 - beta1) * g);
      float v = Tiny.flushed(beta2 * meanSquare[i] + (1 - beta2) * g * g);
      mean[i] = m;
      meanSquare[i] = v;
      parameters[i] = kept * parameters[i] - size * m / ((float) Math.sqrt(v) * spread + epsilon);
    }
  }

  /** As {@link Optimizer#parse} reads it. */
  @Override
  public String toString() {
    return "%s(beta1=%s, beta2=%s, epsilon=%s)"
        .formatted(decoupled ? "adamw" : "adam", beta1, beta2, epsilon);
  }
}
