package org.convoyml.spark.train;

import java.io.Serializable;

/**
 * What a training keeps for the case that something fails. The result does not depend on it.
 *
 * @param checkpoints directory for them, on any Hadoop file system; empty for one beside the model
 * @param keep how many are kept, the newest; positive
 * @param everySteps steps after which the state is saved at the latest; 0 saves it at the end of
 *     each epoch only. A multiple of the averaging frequency
 * @param retries how often a round is repeated, after workers were lost, before training fails
 */
public record Recovery(String checkpoints, int keep, int everySteps, int retries)
    implements Serializable {
  public static final Recovery DEFAULT = new Recovery("", 2, 0, 3);

  public Recovery {
    if (keep < 1) {
      throw new IllegalArgumentException(
          "the number of checkpoints to keep must be positive, got " + keep);
    }
    if (everySteps < 0) {
      throw new IllegalArgumentException(
          "the steps between checkpoints must be at least 0, got " + everySteps);
    }
    if (retries < 0) {
      throw new IllegalArgumentException("the retries must be at least 0, got " + retries);
    }
  }

  /** Where the checkpoints of a model lie. */
  String directory(String output) {
    // A trailing slash is no part of a directory's name.
    return checkpoints.isEmpty() ? output.replaceAll("/+$", "") + ".checkpoints" : checkpoints;
  }

  /** The step behind the last of the round that begins at a step. */
  int endOfRound(int step, int steps) {
    return everySteps == 0 ? steps : (int) Math.min(steps, (long) step + everySteps);
  }
}
