package org.convoyml.nn.train;

/**
 * Stochastic gradient descent, in PyTorch's form: {@code g ← g + decay·p}, {@code v ← momentum·v +
 * g}, {@code p ← p − rate·v}; with Nesterov's momentum {@code p ← p − rate·(g + momentum·v)}.
 *
 * @param momentum in [0, 1); 0 is plain gradient descent
 * @param nesterov whether the gradient is looked at ahead; needs a momentum
 * @see <a href="https://proceedings.mlr.press/v28/sutskever13.html">Sutskever et al., On the
 *     importance of initialization and momentum in deep learning</a>
 */
public record Sgd(float momentum, boolean nesterov) implements Optimizer {
  public Sgd {
    Checks.share("momentum", momentum);
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("nesterov needs a momentum above 0");
    }
  }

  /** Without Nesterov's momentum. */
  public Sgd(float momentum) {
    this(momentum, false);
  }

  @Override
  public int stateVectors() {
    return momentum == 0 ? 0 : 1;
  }

  @Override
  public void update(
      float[] parameters, float[] gradient, float[][] state, int from, int to, Step step) {
    float rate = step.learningRate();
    float decay = step.weightDecay();
    if (momentum == 0) {
      for (int i = from; i < to; i++) {
        parameters[i] -= rate * (gradient[i] + decay * parameters[i]);
      }
      return;
    }
    float[] velocity = state[0];
    for (int i = from; i < to; i++) {
      float g = gradient[i] + decay * parameters[i];
      float v = Tiny.flushed(momentum * velocity[i] + g);
      velocity[i] = v;
      parameters[i] -= rate * (nesterov ? g + momentum * v : v);
    }
  }

  /** As {@link Optimizer#parse} reads it. */
  @Override
  public String toString() {
    return "sgd(momentum=%s%s)".formatted(momentum, nesterov ? ", nesterov" : "");
  }
}
