package org.convoyml.benchmarks;

import java.util.Arrays;

/** Times something over and over. */
final class Stopwatch {
  private static final int LEAST_RUNS = 2;
  private static final int MOST_RUNS = 1000;

  private Stopwatch() {}

  /**
   * The times of single runs in milliseconds, the shortest first.
   *
   * @param seconds how long to go on; less when there were a thousand runs, more when there were
   *     not two
   */
  static double[] milliseconds(Runnable work, double seconds) {
    return milliseconds(work, seconds, LEAST_RUNS);
  }

  /** The same with another number of runs that there are at least. */
  static double[] milliseconds(Runnable work, double seconds, int leastRuns) {
    double[] times = new double[MOST_RUNS];
    int count = 0;
    long begin = System.nanoTime();
    while (count < leastRuns || (count < MOST_RUNS && System.nanoTime() - begin < seconds * 1e9)) {
      long start = System.nanoTime();
      work.run();
      times[count++] = (System.nanoTime() - start) / 1e6;
    }
    double[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The middle one; of an even number the mean of the middle two. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
