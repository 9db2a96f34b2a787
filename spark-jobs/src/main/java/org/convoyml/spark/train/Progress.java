package org.convoyml.spark.train;

import java.io.Serializable;

/**
 * How far training has come. Epochs and steps count from 1; what is not yet known is {@link
 * Double#NaN}.
 *
 * @param loss mean over the epoch so far, per image
 * @param accuracy share of the epoch's images so far that were classified correctly
 * @param imagesPerSecond of all workers together
 */
public record Progress(
    int epoch,
    int epochs,
    int step,
    int steps,
    double loss,
    double accuracy,
    double imagesPerSecond)
    implements Serializable {
  public Progress {
    if (epoch < 1 || epoch > epochs) {
      throw new IllegalArgumentException("epoch %d of %d".formatted(epoch, epochs));
    }
    if (step < 0 || step > steps || steps < 1) {
      throw new IllegalArgumentException("step %d of %d".formatted(step, steps));
    }
  }

  public boolean epochDone() {
    return step == steps;
  }

  /** Steps of the whole training up to here. */
  public long stepsDone() {
    return (epoch - 1L) * steps + step;
  }

  public long stepsInAll() {
    return (long) epochs * steps;
  }
}
