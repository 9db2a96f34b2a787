package org.convoyml.nn.golden;

import org.convoyml.nn.random.KeyedRandom;

/** Numbers that Java and {@code scripts/oracle/counter.py} make alike. */
public final class Counter {
  private static final int SAMPLES = 64;

  private Counter() {}

  /** The key of a sequence of numbers; {@code text} is ASCII. */
  static long key(String text) {
    long key = 0;
    for (int i = 0; i < text.length(); i++) {
      key = KeyedRandom.mix(key + text.charAt(i));
    }
    return key;
  }

  /** Fills {@code [from, to)} with the numbers in [-1, 1) that belong to the text. */
  public static void fill(float[] vector, int from, int to, String text) {
    long key = key(text);
    for (int i = from; i < to; i++) {
      vector[i] = (float) (fraction(key + i - from) * 0x1p-24 * 2 - 1);
    }
  }

  /** The first {@code count} numbers in [-1, 1) that belong to the text. */
  public static float[] values(String text, int count) {
    float[] values = new float[count];
    fill(values, 0, count, text);
    return values;
  }

  /** The places of a golden tensor's entries: all of a small one, else one in each 64th of it. */
  static int[] sampled(int size) {
    int[] places = new int[Math.min(size, SAMPLES)];
    for (int j = 0; j < places.length; j++) {
      long low = (long) j * size / places.length;
      long high = (j + 1L) * size / places.length;
      places[j] = (int) (low + ((high - low) * fraction(j) >> 24));
    }
    return places;
  }

  /** An integer in [0, 2^24). */
  private static long fraction(long counter) {
    return KeyedRandom.mix(counter) >>> 40;
  }
}
