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
  private long duplicates;
  private long fingerprint;

  NumberedBatch(MicroBatch images) {
    this.images = images;
  }

  /** Empties it, to become another one. */
  void restart(long newNumber) {
    number = newNumber;
    images.clear();
    corrupt.clear();
    duplicates = 0;
    fingerprint = 0;
  }

  /** Its number in the epoch, from 0. */
  public long number() {
    return number;
  }

  /** The images; none if all are corrupt. */
  public MicroBatch images() {
    return images;
  }

  /** An image has come for it, whether it can be decoded or not. */
  void count(EncodedImage image, boolean duplicate) {
    fingerprint += image.fingerprint();
    duplicates += duplicate ? 1 : 0;
  }

  /** What became of its images. */
  Ledger ledger() {
    return new Ledger(images.size(), corrupt.size(), duplicates, fingerprint);
  }

  void addCorrupt(CorruptImage image) {
    corrupt.add(image);
  }

  /** Its images that were left out. */
  public List<CorruptImage> corrupt() {
    return Collections.unmodifiableList(corrupt);
  }
}
