package org.convoyml.nn.random;

/**
 * A random source whose {@code i}-th value is a pure function of its key and {@code i}: SplitMix64
 * with the key as its start. Two sources with the same key give the same values on every JVM and
 * platform.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood, Fast splittable
 *     pseudorandom number generators</a>
 */
public final class KeyedRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private KeyedRandom(long state) {
    this.state = state;
  }

  /**
   * A source for the given key parts, for example {@code (seed, epoch, imageId)}. Their order
   * matters.
   */
  public static KeyedRandom of(long... parts) {
    return new KeyedRandom(key(parts));
  }

  /** Starts again as {@code of(parts)} would, without a new object. */
  public void reset(long... parts) {
    state = key(parts);
  }

  /** The same for four parts, without an array. */
  public void reset(long first, long second, long third, long fourth) {
    state = mixIn(mixIn(mixIn(mixIn(4, first), second), third), fourth);
  }

  /** Mixes the parts to one well-spread 64-bit key. */
  public static long key(long... parts) {
    long key = parts.length;
    for (long part : parts) {
      key = mixIn(key, part);
    }
    return key;
  }

  /** The same for three parts, without an array. */
  public static long key(long first, long second, long third) {
    return mixIn(mixIn(mixIn(3, first), second), third);
  }

  private static long mixIn(long key, long part) {
    return mix(key + GOLDEN_GAMMA ^ mix(part + GOLDEN_GAMMA));
  }

  /**
   * A bijection of the 64-bit integers that spreads every input bit (Stafford's variant 13 of
   * MurmurHash3's finish).
   */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The next 64 uniformly distributed bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in {@code [0, 1)}, a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in {@code [low, high)}. */
  public double uniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /**
   * Uniform in {@code [0, bound)}.
   *
   * @throws IllegalArgumentException if {@code bound} is not positive
   */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, got " + bound);
    }
    // The high half of a 32 × 32 bit product: its bias is below bound / 2^32.
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** True with the given probability. */
  public boolean nextBoolean(double probability) {
    return nextDouble() < probability;
  }

  /**
   * Standard normal, by Box and Muller's transform in strict arithmetic; takes two values of the
   * sequence.
   */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - nextDouble()));
    return radius * StrictMath.cos(2.0 * StrictMath.PI * nextDouble());
  }
}
