package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Adds normally distributed numbers to pixels, four to each value of the random source: a table has
 * the normal distribution's quantiles at {@code (i + 0.5) / 65536}, so numbers end at ±4.3
 * deviations.
 */
final class NormalNoise {
  private static final int COUNT = 1 << 16;
  private static final double DENSITY_AT_ZERO = 1 / StrictMath.sqrt(2 * StrictMath.PI);

  private static final float[] QUANTILES = new float[COUNT];

  static {
    double quantile = 0;
    for (int i = COUNT / 2; i < COUNT; i++) {
      quantile = quantile((i + 0.5) / COUNT, quantile);
      QUANTILES[i] = (float) quantile;
      QUANTILES[COUNT - 1 - i] = (float) -quantile;
    }
  }

  private NormalNoise() {}

  /**
   * Adds an independent number to each byte, rounds to the nearest level and clips.
   *
   * @param levels standard deviation
   */
  static void add(byte[] pixels, int length, float levels, KeyedRandom random) {
    for (int i = 0; i < length; i += 4) {
      long bits = random.nextLong();
      int end = Math.min(length, i + 4);
      for (int j = i; j < end; j++) {
        float noise = levels * QUANTILES[(int) bits & COUNT - 1];
        pixels[j] = Levels.clip((pixels[j] & 0xFF) + noise + 0.5f);
        bits >>>= 16;
      }
    }
  }

  /**
   * Below which a standard normal variable lies with the given probability, by Newton's method: the
   * distribution function is concave, so from below it never goes too far.
   *
   * @param below where to start, 0 or more
   */
  private static double quantile(double probability, double below) {
    double x = below;
    double step;
    do {
      double density = DENSITY_AT_ZERO * StrictMath.exp(-x * x / 2);
      step = (probability - 0.5 - density * overDensity(x)) / density;
      x += step;
    } while (step > 1e-9);
    return x;
  }

  /** The distribution function less a half, over the density: {@code x + x³/3 + x⁵/(3·5) + …}. */
  private static double overDensity(double x) {
    double sum = x;
    double term = x;
    for (int odd = 3; term > sum * 1e-17; odd += 2) {
      term *= x * x / odd;
      sum += term;
    }
    return sum;
  }
}
