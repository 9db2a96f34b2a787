package org.convoyml.spark.train;

import org.convoyml.spark.collective.Totals;

/** How the lanes of one worker go from step to step, together with those of the other workers. */
interface LaneSteps {
  /**
   * Takes one step with every lane.
   *
   * @return figures of all lanes of all workers since they were last known; null if they are not
   *     known after this step
   */
  Totals step(int step);

  /** The flat vector, the same for all lanes; only after a step whose figures are known. */
  float[] parameters();

  /**
   * The optimizer's state vectors, the same for all lanes, for the range that this worker owns;
   * only after a step whose figures are known.
   */
  float[][] ownedState();
}
