package org.convoyml.spark.data;

/**
 * An image's place in an epoch as one number that sorts by micro-batch, then by position within it:
 * the key of the shuffle.
 */
public final class BatchKey {
  private static final int POSITION_BITS = 20;
  private static final long MAX_BATCH = 1L << (63 - POSITION_BITS);

  /** Positions are below this: the largest micro-batch there can be. */
  public static final int MAX_BATCH_SIZE = 1 << POSITION_BITS;

  private BatchKey() {}

  public static long of(long batch, int position) {
    if (batch < 0 || batch >= MAX_BATCH || position < 0 || position >= MAX_BATCH_SIZE) {
      throw new IllegalArgumentException(
          "no key for position %d of micro-batch %d".formatted(position, batch));
    }
    return batch << POSITION_BITS | position;
  }

  public static long batch(long key) {
    return key >>> POSITION_BITS;
  }
}
