package org.convoyml.spark.data;

import java.io.Serializable;

/**
 * What became of the images of an epoch, or of a part of it.
 *
 * @param trained images that were trained
 * @param corrupt images that were left out
 * @param duplicates images that came to a place where one was already, and were not trained
 * @param fingerprint sum of {@link EncodedImage#fingerprint} of all that came
 */
public record Ledger(long trained, long corrupt, long duplicates, long fingerprint)
    implements Serializable {
  public static final Ledger EMPTY = new Ledger(0, 0, 0, 0);

  public Ledger plus(Ledger other) {
    return new Ledger(
        trained + other.trained,
        corrupt + other.corrupt,
        duplicates + other.duplicates,
        fingerprint + other.fingerprint);
  }

  /** How many of so many images did not come. */
  public long missing(long images) {
    return images - (trained + corrupt);
  }

  /**
   * Whether every image of a data set came once.
   *
   * @param images how many it has
   * @param expected its fingerprint
   */
  public boolean balances(long images, long expected) {
    return duplicates == 0 && missing(images) == 0 && fingerprint == expected;
  }
}
