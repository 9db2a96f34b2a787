package org.convoyml.aug.batch;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;

/** With whom each example of a micro-batch is mixed, and the mixing. */
final class Partners {
  /** Floats that are set aside while a cycle of partners is mixed: 4 kB. */
  private static final int BLOCK = 1024;

  private Partners() {}

  /** A uniformly random permutation of the micro-batch's examples (Fisher and Yates). */
  static int[] draw(MicroBatch batch, KeyedRandom random) {
    if (batch.targetWidth() == 0) {
      throw new IllegalArgumentException("mixing needs a micro-batch with targets");
    }
    int[] partners = new int[batch.size()];
    for (int i = 0; i < partners.length; i++) {
      int j = random.nextInt(i + 1);
      partners[i] = partners[j];
      partners[j] = i;
    }
    return partners;
  }

  /**
   * In each row {@code i}, sets {@code [from, from + length)} to {@code keep} times itself plus
   * {@code 1 − keep} times what row {@code partners[i]} held before.
   *
   * @param rows row-major
   * @param rowLength values in a row
   */
  static void mix(float[] rows, int rowLength, int from, int length, int[] partners, float keep) {
    float[] first = new float[Math.min(length, BLOCK)];
    boolean[] done = new boolean[partners.length];
    for (int start = 0; start < partners.length; start++) {
      if (!done[start] && partners[start] != start) {
        for (int at = from; at < from + length; at += BLOCK) {
          int count = Math.min(BLOCK, from + length - at);
          mixCycle(rows, rowLength, at, count, partners, keep, start, first);
        }
        for (int i = start; !done[i]; i = partners[i]) {
          done[i] = true;
        }
      }
    }
  }

  /** Along a cycle each row is read before it is written, but for the first. */
  private static void mixCycle(
      float[] rows,
      int rowLength,
      int at,
      int count,
      int[] partners,
      float keep,
      int start,
      float[] first) {
    System.arraycopy(rows, start * rowLength + at, first, 0, count);
    for (int i = start; ; i = partners[i]) {
      boolean last = partners[i] == start;
      float[] other = last ? first : rows;
      int from = last ? 0 : partners[i] * rowLength + at;
      int into = i * rowLength + at;
      for (int j = 0; j < count; j++) {
        rows[into + j] = keep * rows[into + j] + (1 - keep) * other[from + j];
      }
      if (last) {
        return;
      }
    }
  }
}
