package org.convoyml.spark.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.convoyml.nn.engine.MicroBatch;

/**
 * A micro-batch with its number in the epoch. A few of these are used in turn for all of a
 * partition, like Spark's own rows: one is valid until the next is asked for.
 */
public final class NumberedBatch {
  private final MicroBatch images;
  private final List<CorruptImage> corrupt = new ArrayList<>();
  private long number;

  NumberedBatch(MicroBatch images) {
    this.images = images;
  }

  /** Empties it, to become another one. */
  void restart(long newNumber) {
    number = newNumber;
    images.clear();
    corrupt.clear();
  }

  /** Its number in the epoch, from 0. */
  public long number() {
    return number;
  }

  /** The images; none if all are corrupt. */
  public MicroBatch images() {
    return images;
  }

  void addCorrupt(CorruptImage image) {
    corrupt.add(image);
  }

  /** Its images that were left out. */
  public List<CorruptImage> corrupt() {
    return Collections.unmodifiableList(corrupt);
  }
}
