package org.convoyml.spark.train;

/** Trains a model and writes it. Convoy's own is {@link LaneTrainer}. */
public interface Trainer {
  /**
   * Runs a training to its end and writes the model directory.
   *
   * @throws org.convoyml.nn.ConvoyException if data, cluster or output are not as they must be; no
   *     model is written then
   */
  TrainingSummary train(TrainingJob job, TrainingListener listener);
}
