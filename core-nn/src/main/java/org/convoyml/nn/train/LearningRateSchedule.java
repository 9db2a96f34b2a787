package org.convoyml.nn.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How the learning rate changes from the first step of a training to the last. */
public enum LearningRateSchedule {
  /** Stays what it is. */
  @JsonProperty("constant")
  CONSTANT {
    @Override
    double factor(double progress) {
      return 1;
    }
  },
  /**
   * Half a cosine from 1 to 0.
   *
   * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, SGDR</a>
   */
  @JsonProperty("cosine")
  COSINE {
    @Override
    double factor(double progress) {
      return 0.5 * (1 + StrictMath.cos(StrictMath.PI * progress));
    }
  };

  /** Factor of the base rate at {@code progress} in [0, 1). */
  abstract double factor(double progress);

  /**
   * The rate of one step.
   *
   * @param base the highest rate
   * @param step in {@code [0, totalSteps)}
   * @param totalSteps of the whole training
   */
  public float rate(double base, long step, long totalSteps) {
    if (step < 0 || step >= totalSteps) {
      throw new IllegalArgumentException(
          "step must be in [0, %d), got %d".formatted(totalSteps, step));
    }
    return (float) (base * factor((double) step / totalSteps));
  }

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
