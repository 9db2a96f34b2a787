package org.convoyml.spark.train;

import java.time.Duration;
import java.util.Optional;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.Quarantine;

/**
 * How a training went.
 *
 * @param lastEpoch figures of the last epoch, measured while training
 * @param images trained in all epochs together
 * @param duration of all rounds
 * @param quarantine images that were left out
 * @param heldOut the images that the configuration's validation split kept from training
 */
public record TrainingSummary(
    Totals lastEpoch,
    long images,
    Duration duration,
    Quarantine quarantine,
    Optional<ImageDataset> heldOut) {
  public double imagesPerSecond() {
    return images / (duration.toNanos() / 1e9);
  }
}
