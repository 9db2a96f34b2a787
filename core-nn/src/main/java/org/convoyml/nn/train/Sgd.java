package org.convoyml.nn.train;

/**
 * Stochastic gradient descent with momentum, in PyTorch's form: {@code v ← momentum·v + g}, {@code
 * p ← p − rate·v}.
 *
 * @param momentum in [0, 1); 0 is plain gradient descent
 * @see <a href="https://proceedings.mlr.press/v28/sutskever13.html">Sutskever et al., On the
 *     importance of initialization and momentum in deep learning</a>
 */
public record Sgd(float momentum) implements Optimizer {
  /**
   * Added and subtracted again it leaves a velocity above 10^-23 as it is and makes one below
   * 10^-38 zero. Without it the velocities of dead units decay into subnormal numbers, with which
   * processors compute a hundred times slower.
   */
  private static final float TINY = 0x1p-100f;

  public Sgd {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
    }
  }

  @Override
  public int stateVectors() {
    return momentum == 0 ? 0 : 1;
  }

  @Override
  public void update(
      float[] parameters,
      float[] gradient,
      float[][] state,
      int stateOffset,
      int from,
      int to,
      float learningRate) {
    if (momentum == 0) {
      for (int i = from; i < to; i++) {
        parameters[i] -= learningRate * gradient[i];
      }
      return;
    }
    float[] velocity = state[0];
    for (int i = from; i < to; i++) {
      float v = momentum * velocity[i - stateOffset] + gradient[i] + TINY - TINY;
      velocity[i - stateOffset] = v;
      parameters[i] -= learningRate * v;
    }
  }
}
