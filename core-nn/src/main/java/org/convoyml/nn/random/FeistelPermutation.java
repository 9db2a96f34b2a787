package org.convoyml.nn.random;

/**
 * A keyed permutation of {@code 0 … size−1} that is computed for one number at a time: a six-round
 * balanced Feistel network over the next even power of two, walked along its cycle until it falls
 * below {@code size}. It costs no memory, so an epoch's order needs neither a shuffle on the driver
 * nor a sort.
 *
 * @see <a href="https://doi.org/10.1007/3-540-45760-7_9">Black and Rogaway, Ciphers with arbitrary
 *     finite domains</a>
 */
public final class FeistelPermutation {
  private static final int ROUNDS = 6;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] roundKeys = new long[ROUNDS];

  /**
   * @param size how many numbers are permuted, at least 0 and at most 2^62
   * @param key parts of the key, for example {@code (seed, epoch)}
   */
  public FeistelPermutation(long size, long... key) {
    if (size < 0 || size > 1L << 62) {
      throw new IllegalArgumentException("size must be in [0, 2^62], got " + size);
    }
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(size - 1, 1));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
    KeyedRandom random = KeyedRandom.of(key);
    for (int round = 0; round < ROUNDS; round++) {
      roundKeys[round] = random.nextLong();
    }
  }

  /** How many numbers are permuted. */
  public long size() {
    return size;
  }

  /** The place of {@code number}, both in {@code [0, size)}. */
  public long apply(long number) {
    if (number < 0 || number >= size) {
      throw new IllegalArgumentException("number must be in [0, " + size + "), got " + number);
    }
    long place = number;
    do {
      place = encrypt(place);
    } while (place >= size);
    return place;
  }

  private long encrypt(long block) {
    long left = block >>> halfBits;
    long right = block & halfMask;
    for (long roundKey : roundKeys) {
      long next = left ^ (KeyedRandom.mix(right + roundKey) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
