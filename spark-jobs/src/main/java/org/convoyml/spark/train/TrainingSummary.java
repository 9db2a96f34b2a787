package org.convoyml.spark.train;

import java.time.Duration;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.Quarantine;

/**
 * How a training went.
 *
 * @param lastEpoch figures of the last epoch, measured while training
 * @param images trained in all epochs together
 * @param duration of all rounds
 * @param quarantine images that were left out
 */
public record TrainingSummary(
    Totals lastEpoch, long images, Duration duration, Quarantine quarantine) {
  public double imagesPerSecond() {
    return images / (duration.toNanos() / 1e9);
  }
}
