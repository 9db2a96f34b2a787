package org.convoyml.aug.op;

/**
 * Tables that say what each of the 256 levels of a channel becomes, in Pillow's 8-bit arithmetic.
 * They are written into {@code table[from]} to {@code table[from + 255]}.
 *
 * @see <a href="https://github.com/python-pillow/Pillow/blob/9.4.0/src/libImaging/Blend.c">Pillow's
 *     Blend.c</a>, and its ImageEnhance.py and ImageOps.py
 */
final class Levels {
  static final int COUNT = 256;
  private static final int MOST = 255;

  private Levels() {}

  /**
   * {@code base + factor·(level − base)}, rounded towards zero and clipped.
   *
   * @param base 0 changes brightness, the mean grey changes contrast
   */
  static void blend(byte[] table, int from, int base, float factor) {
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = clip(base + factor * (level - base));
    }
  }

  /** {@code 255 − level}. */
  static void invert(byte[] table, int from) {
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = (byte) (MOST - level);
    }
  }

  /**
   * Keeps the highest bits.
   *
   * @param bits 0 to 8
   */
  static void posterize(byte[] table, int from, int bits) {
    int mask = MOST << 8 - bits;
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = (byte) (level & mask);
    }
  }

  /** Inverts levels from the threshold on. */
  static void solarize(byte[] table, int from, double threshold) {
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = (byte) (level < threshold ? level : MOST - level);
    }
  }

  /**
   * Stretches the levels that occur over all of 0 to 255.
   *
   * @param counts how often each level occurs, from {@code counts[from]} on
   */
  static void autocontrast(byte[] table, int from, int[] counts) {
    int low = 0;
    while (low < MOST && counts[from + low] == 0) {
      low++;
    }
    int high = MOST;
    while (high > 0 && counts[from + high] == 0) {
      high--;
    }
    if (high <= low) {
      identity(table, from);
      return;
    }
    double scale = 255.0 / (high - low);
    double offset = -low * scale;
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = (byte) Math.max(0, Math.min(MOST, (int) (level * scale + offset)));
    }
  }

  /**
   * Makes all levels about equally frequent.
   *
   * @param counts how often each level occurs, from {@code counts[from]} on
   */
  static void equalize(byte[] table, int from, int[] counts) {
    int all = 0;
    int ofHighest = 0;
    int different = 0;
    for (int level = 0; level < COUNT; level++) {
      int count = counts[from + level];
      if (count > 0) {
        all += count;
        ofHighest = count;
        different++;
      }
    }
    int step = (all - ofHighest) / MOST;
    if (different <= 1 || step == 0) {
      identity(table, from);
      return;
    }
    int n = step / 2;
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = (byte) Math.min(MOST, n / step);
      n += counts[from + level];
    }
  }

  private static void identity(byte[] table, int from) {
    for (int level = 0; level < COUNT; level++) {
      table[from + level] = (byte) level;
    }
  }

  /** Rounds towards zero. */
  static byte clip(float value) {
    return (byte) Math.max(0, Math.min(MOST, (int) value));
  }
}
