package org.convoyml.spark.train;

import java.io.Serializable;

/**
 * How a model is evaluated while it is trained, and what follows from that.
 *
 * @param split share of each class that is held out of training, to evaluate the model on, in [0,
 *     1); 0 for none
 * @param every how many epochs lie between evaluations; 0 evaluates only the finished model
 * @param patience evaluations without a better figure after which training stops; 0 never stops
 * @param monitor the figure that counts
 * @param keep which epoch's weights the model has in the end
 */
public record Validation(double split, int every, int patience, Monitor monitor, Keep keep)
    implements Serializable {
  public static final Validation DEFAULT = new Validation(0, 0, 0, Monitor.ACCURACY, Keep.LAST);

  /** A figure of an evaluation. */
  public enum Monitor {
    /** Share of images that are classified correctly: more is better. */
    ACCURACY,
    /** Mean cross-entropy: less is better. */
    LOSS
  }

  /** Which weights are kept. */
  public enum Keep {
    LAST,
    /** Those of the evaluation with the best figure; of equal ones the first. */
    BEST
  }

  public Validation {
    if (!(split >= 0 && split < 1)) {
      throw new IllegalArgumentException("the validation split must be in [0, 1), got " + split);
    }
    if (every < 0) {
      throw new IllegalArgumentException(
          "the epochs between evaluations must be at least 0, got " + every);
    }
    if (patience < 0) {
      throw new IllegalArgumentException("the patience must be at least 0, got " + patience);
    }
    if (every > 0 && split == 0) {
      throw new IllegalArgumentException(
          "to evaluate while it is trained, images must be held out: give --validation-split");
    }
    if (every == 0 && (patience > 0 || keep == Keep.BEST)) {
      throw new IllegalArgumentException(
          "%s needs evaluations: give --evaluate-every"
              .formatted(patience > 0 ? "--patience" : "--keep best"));
    }
  }

  /** Only the share that is held out. */
  public static Validation atTheEnd(double split) {
    return new Validation(split, 0, 0, Monitor.ACCURACY, Keep.LAST);
  }

  /** Whether the model is evaluated after an epoch. */
  boolean isDue(int epochsDone, int epochs) {
    return every > 0 && (epochsDone % every == 0 || epochsDone == epochs);
  }
}
