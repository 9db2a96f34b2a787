package org.convoyml.spark.train;

import java.time.Duration;
import java.util.Optional;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.Quarantine;

/**
 * How a training went.
 *
 * @param lastEpoch figures of the last epoch, measured while training; {@link Totals#NONE} if the
 *     trainer knows none
 * @param images trained in all epochs together, but for those before it was resumed
 * @param duration of all rounds, likewise
 * @param quarantine images that were left out
 * @param heldOut the images that the configuration's validation split kept from training
 * @param selection evaluations while it was trained
 * @param chosenRound the round whose weights the model has
 * @param stoppedEarly whether patience came to an end
 */
public record TrainingSummary(
    Totals lastEpoch,
    long images,
    Duration duration,
    Quarantine quarantine,
    Optional<ImageDataset> heldOut,
    ModelSelection selection,
    int chosenRound,
    boolean stoppedEarly) {
  public double imagesPerSecond() {
    return images / (duration.toNanos() / 1e9);
  }

  /** The evaluation of the weights that the model has, if they were evaluated. */
  public Optional<ModelSelection.Score> chosenScore() {
    return selection.scores().stream().filter(score -> score.round() == chosenRound).findFirst();
  }
}
