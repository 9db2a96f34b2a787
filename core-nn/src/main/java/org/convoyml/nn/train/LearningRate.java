package org.convoyml.nn.train;

import java.io.Serializable;

/**
 * The learning rate of every step.
 *
 * @param highest rate, positive
 * @param warmupEpochs in which the rate rises linearly, beside what the schedule does; 0 for none
 * @param schedule how it changes
 */
public record LearningRate(double highest, double warmupEpochs, LearningRateSchedule schedule)
    implements Serializable {
  public LearningRate {
    Checks.positive("the learning rate", highest);
    Checks.notNegative("warm-up epochs", warmupEpochs);
  }

  /**
   * The rate of one step.
   *
   * @param step in {@code [0, totalSteps)}
   * @param stepsPerEpoch positive
   * @param totalSteps of the whole training
   */
  public float at(long step, long stepsPerEpoch, long totalSteps) {
    if (step < 0 || step >= totalSteps) {
      throw new IllegalArgumentException(
          "step must be in [0, %d), got %d".formatted(totalSteps, step));
    }
    double warmup = warmupEpochs * stepsPerEpoch;
    double risen = step + 1 < warmup ? (step + 1) / warmup : 1;
    return (float) (highest * risen * schedule.factor(step, stepsPerEpoch, totalSteps));
  }
}
