package org.convoyml.spark.train;

import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.spark.data.LanePlan;
import org.convoyml.spark.preflight.MemoryNeeds;
import org.convoyml.spark.train.Averaging.Sync;

/**
 * What a training will do, known before it begins.
 *
 * @param network its name
 * @param layout of its flat vector
 * @param classes how many classes are told apart
 * @param lanes how an epoch is cut
 * @param config all settings
 * @param workers how many tasks train
 * @param threadsPerWorker compute threads of each
 * @param engine name of the engine
 * @param nativeBytesPerWorker memory outside the Java heap that each worker's network takes
 * @param checkpoints where the state after each round is kept; empty if it is not
 * @param firstEpoch the epoch that it begins in, from 0; a resumed training does not begin at 0
 * @param firstStep the step of that epoch
 */
public record TrainingPlan(
    String network,
    ParameterLayout layout,
    int classes,
    LanePlan lanes,
    TrainingConfig config,
    int workers,
    int threadsPerWorker,
    String engine,
    long nativeBytesPerWorker,
    String checkpoints,
    int firstEpoch,
    int firstStep) {

  /** Java heap that the vectors of the worker with the most lanes take. */
  public long vectorBytesPerWorker() {
    return MemoryNeeds.vectorBytes(
        layout.size(),
        lanes.lanes(),
        workers,
        config.updateRule(),
        config.averaging().sync() == Sync.PARAMETERS);
  }
}
