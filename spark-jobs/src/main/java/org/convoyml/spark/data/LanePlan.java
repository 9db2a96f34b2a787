package org.convoyml.spark.data;

import java.io.Serializable;

/**
 * How an epoch is cut: into steps, each with one micro-batch from every lane. Independent of the
 * number of workers, which merely host contiguous blocks of lanes.
 *
 * @param images in an epoch, positive
 * @param lanes {@code M}, a power of two
 * @param batchSize images in a step at most; a multiple of the lanes
 */
public record LanePlan(long images, int lanes, int batchSize) implements Serializable {
  public LanePlan {
    if (images <= 0) {
      throw new IllegalArgumentException("expected images, got " + images);
    }
    if (lanes <= 0 || Integer.bitCount(lanes) != 1) {
      throw new IllegalArgumentException("lanes must be a power of two, got " + lanes);
    }
    if (batchSize <= 0 || batchSize % lanes != 0) {
      throw new IllegalArgumentException(
          "the batch size must be a multiple of the %d lanes, got %d".formatted(lanes, batchSize));
    }
  }

  /** {@code ⌈images / batchSize⌉}. */
  public int steps() {
    return Math.toIntExact((images + batchSize - 1) / batchSize);
  }

  /** The micro-batches of all lanes, step by step. */
  public BatchPlan batches() {
    return new BatchPlan(images, (long) steps() * lanes);
  }

  /** The micro-batch of a lane in a step. */
  public long batchOf(int step, int lane) {
    return (long) step * lanes + lane;
  }

  /** The first lane that a worker hosts; of {@code workers} it is {@code lanes()}. */
  public int firstLaneOf(int worker, int workers) {
    return (int) ((long) worker * lanes / workers);
  }

  /** The worker that hosts a lane. */
  public int workerOf(int lane, int workers) {
    return (int) (((lane + 1L) * workers - 1) / lanes);
  }

  /** The lanes of a worker, for messages. */
  public String lanesOf(int worker, int workers) {
    int first = firstLaneOf(worker, workers);
    int last = firstLaneOf(worker + 1, workers) - 1;
    return first == last ? "lane " + first : "lanes %d to %d".formatted(first, last);
  }
}
