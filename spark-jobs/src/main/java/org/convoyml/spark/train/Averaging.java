package org.convoyml.spark.train;

import java.io.Serializable;

/**
 * What the lanes average, and when.
 *
 * @param sync gradients or parameters
 * @param frequency steps that each lane takes by itself between two averages of parameters,
 *     positive; 1 with gradients
 */
public record Averaging(Sync sync, int frequency) implements Serializable {
  public static final Averaging DEFAULT = new Averaging(Sync.GRADIENTS, 1);

  /** What is averaged. */
  public enum Sync {
    /** All lanes have the same parameters; their gradients are averaged in every step. */
    GRADIENTS,

    /**
     * Every lane has parameters and an optimizer state of its own; these are averaged every few
     * steps, weighted by examples.
     *
     * @see <a href="https://arxiv.org/abs/1805.09767">Stich, Local SGD Converges Fast and
     *     Communicates Little</a>
     */
    PARAMETERS
  }

  public Averaging {
    if (frequency < 1) {
      throw new IllegalArgumentException(
          "the averaging frequency must be positive, got " + frequency);
    }
    if (sync == Sync.GRADIENTS && frequency != 1) {
      throw new IllegalArgumentException(
          "gradients are averaged in every step: --averaging-frequency %d needs --sync parameters"
              .formatted(frequency));
    }
  }

  /** Whether parameters are averaged after a step; always after the last of an epoch. */
  boolean isDue(int step, int steps) {
    return (step + 1) % frequency == 0 || step + 1 == steps;
  }
}
