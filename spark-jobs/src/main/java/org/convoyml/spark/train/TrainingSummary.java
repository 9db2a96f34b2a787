package org.convoyml.spark.train;

import java.time.Duration;
import org.convoyml.spark.collective.Totals;

/**
 * How a training went.
 *
 * @param lastEpoch figures of the last epoch, measured while training
 * @param images trained in all epochs together
 * @param duration of all rounds
 */
public record TrainingSummary(Totals lastEpoch, long images, Duration duration) {
  public double imagesPerSecond() {
    return images / (duration.toNanos() / 1e9);
  }
}
