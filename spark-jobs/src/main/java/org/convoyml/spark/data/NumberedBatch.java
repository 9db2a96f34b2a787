package org.convoyml.spark.data;

import org.convoyml.nn.engine.MicroBatch;

/**
 * A micro-batch with its number in the epoch. A few of these are used in turn for all of a
 * partition, like Spark's own rows: one is valid until the next is asked for.
 */
public final class NumberedBatch {
  private final MicroBatch images;
  private long number;

  NumberedBatch(MicroBatch images) {
    this.images = images;
  }

  /** Empties it, to become another one. */
  void restart(long newNumber) {
    number = newNumber;
    images.clear();
  }

  /** Its number in the epoch, from 0. */
  public long number() {
    return number;
  }

  /** The images, at least one. */
  public MicroBatch images() {
    return images;
  }
}
