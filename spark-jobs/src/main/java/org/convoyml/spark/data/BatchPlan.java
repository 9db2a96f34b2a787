package org.convoyml.spark.data;

import java.io.Serializable;

/**
 * Cuts {@code images} places into {@code batches} consecutive micro-batches whose sizes differ by
 * at most one. Every place is in exactly one of them.
 *
 * @param images how many places there are
 * @param batches how many micro-batches, positive; more than images leaves some empty
 */
public record BatchPlan(long images, long batches) implements Serializable {
  public BatchPlan {
    if (images < 0 || batches <= 0) {
      throw new IllegalArgumentException(
          "expected images and micro-batches, got %d and %d".formatted(images, batches));
    }
    Math.multiplyExact(images, batches);
  }

  /** The place of the first image of a micro-batch; of {@code batches()} it is {@code images()}. */
  public long firstOf(long batch) {
    return batch * images / batches;
  }

  /** The micro-batch that a place belongs to. */
  public long batchOf(long place) {
    return ((place + 1) * batches - 1) / images;
  }

  /** How many images a micro-batch has. */
  public int sizeOf(long batch) {
    return Math.toIntExact(firstOf(batch + 1) - firstOf(batch));
  }

  /** The size of the largest micro-batch. */
  public int largest() {
    return Math.toIntExact((images + batches - 1) / batches);
  }
}
