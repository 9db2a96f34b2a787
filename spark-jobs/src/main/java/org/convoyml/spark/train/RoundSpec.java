package org.convoyml.spark.train;

import java.io.Serializable;
import java.util.List;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.LanePlan;

/**
 * All that a worker needs to know for one attempt at one round: steps {@code [firstStep, endStep)}
 * of an epoch.
 *
 * @param meetingPoint where the workers learn of the driver where the others are
 * @param networkJson the network
 * @param config how to train
 * @param plan how the epoch is cut
 * @param workers how many take part
 * @param epoch from 0
 * @param firstStep of the round, within the epoch
 * @param endStep the step behind the last
 * @param before figures of the epoch's rounds before
 * @param engine name of the engine
 * @param rateFactor of the learning rate, by which a plateau has lowered it so far
 * @param stateBefore directory of the state to start from; empty to start from the seed
 * @param partsBefore what is in it
 * @param stateAfter directory to write the state to, of this attempt alone
 */
record RoundSpec(
    String meetingPoint,
    String networkJson,
    TrainingConfig config,
    LanePlan plan,
    int workers,
    int epoch,
    int firstStep,
    int endStep,
    Totals before,
    String engine,
    double rateFactor,
    String stateBefore,
    List<StatePart> partsBefore,
    String stateAfter)
    implements Serializable {

  /** Names this attempt's group of workers; used once. */
  String group() {
    return stateAfter;
  }

  /** The number of a step in the whole training. */
  long globalStep(int step) {
    return (long) epoch * plan.steps() + step;
  }

  /**
   * Whether so many images were corrupt by the end of a step that training is to stop.
   *
   * @param trained of all workers in this epoch up to there
   */
  boolean isSpoilt(int step, long trained) {
    long dealt = plan.batches().firstOf(plan.batchOf(step + 1, 0));
    return config.limits().areExceeded(dealt - trained, plan.images());
  }

  long globalSteps() {
    return (long) config.epochs() * plan.steps();
  }

  float learningRate(int step) {
    return (float)
        (rateFactor * config.learningRate().at(globalStep(step), plan.steps(), globalSteps()));
  }

  /** The first lane that a worker hosts; of {@code workers} it is the number of lanes. */
  int firstLaneOf(int worker) {
    return plan.firstLaneOf(worker, workers);
  }
}
