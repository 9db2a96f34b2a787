package org.convoyml.benchmarks.allreduce;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.convoyml.spark.collective.Blocks;

/**
 * Prints two tables: throughput of an all-reduce between two processes against a bare pair of
 * socket channels in the same run, and training steps on 1, 2 and 4 workers with the share of
 * communication in them.
 */
public final class AllReduceTable {
  private static final int WARM_UP = 20;

  /** Until the just-in-time compiler has done with the network's code. */
  private static final double TRAINING_WARM_UP_SECONDS = 30;

  private static final int LATENCY_RUNS = 1000;

  private static final double TRAINING_SECONDS = 3;

  private AllReduceTable() {}

  /** Takes the megabytes of the vector and the number of rounds. */
  public static void main(String[] words) throws IOException {
    int megabytes = Integer.parseInt(words[0]);
    int rounds = Integer.parseInt(words[1]);
    throughput(megabytes, rounds);
    System.out.println();
    latency(rounds);
    System.out.println();
    training(rounds);
  }

  private static void throughput(int megabytes, int rounds) throws IOException {
    String length = String.valueOf(megabytes * (1_000_000 / Float.BYTES));
    try (Group bare = new Group(2, "bare", length);
        Group plain = new Group(2, "plain", length);
        Group encrypted = new Group(2, "encrypted", length)) {
      double[] bareRates = new double[rounds];
      double[] plainRates = new double[rounds];
      double[] encryptedRates = new double[rounds];
      bare.run(WARM_UP);
      plain.run(WARM_UP);
      encrypted.run(WARM_UP);
      for (int round = 0; round < rounds; round++) {
        bareRates[round] = megabytes / bare.run(1).seconds();
        plainRates[round] = megabytes / plain.run(1).seconds();
        encryptedRates[round] = megabytes / encrypted.run(1).seconds();
      }
      System.out.printf(
          "| %d MB each way, %d rounds | MB/s, median | of bare, median of rounds |%n",
          megabytes, rounds);
      System.out.println("|---|---|---|");
      row("bare pair of socket channels", bareRates, bareRates);
      row("all-reduce", plainRates, bareRates);
      row("all-reduce, AES/CTR", encryptedRates, bareRates);
    }
  }

  /**
   * Of a vector so small that only messages and waking up count: two blocks, one of each member.
   */
  private static void latency(int rounds) throws IOException {
    try (Group pair = new Group(2, "plain", String.valueOf(2 * Blocks.SIZE))) {
      pair.run(LATENCY_RUNS);
      double[] micros = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        micros[round] = 1e6 * pair.run(LATENCY_RUNS).seconds() / LATENCY_RUNS;
      }
      System.out.printf(
          Locale.ROOT,
          "All-reduce of %,d floats, median of %d rounds of %,d: %.0f µs%n",
          2 * Blocks.SIZE,
          rounds,
          LATENCY_RUNS,
          median(micros));
    }
  }

  private static void row(String name, double[] rates, double[] bare) {
    double[] shares = new double[rates.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = rates[i] / bare[i];
    }
    System.out.printf(
        Locale.ROOT, "| %s | %,.0f | %.0f%% |%n", name, median(rates), 100 * median(shares));
  }

  private static void training(int rounds) throws IOException {
    System.out.println(
        "| 8 lanes, workers of one thread | workers | step, ms | communication | waiting |");
    System.out.println("|---|---|---|---|---|");
    for (int workers = 1; workers <= 4; workers *= 2) {
      training(workers, "resnet20", 128, rounds);
    }
    for (int workers = 1; workers <= 4; workers *= 2) {
      training(workers, "lenet", 64, rounds);
    }
  }

  private static void training(int workers, String network, int batchSize, int rounds)
      throws IOException {
    try (Group group =
        new Group(
            workers, "training", String.valueOf(workers), network, String.valueOf(batchSize))) {
      double step = 0;
      for (double warm = 0; warm < TRAINING_WARM_UP_SECONDS; warm += step) {
        step = group.run(1).seconds();
      }
      int runs = (int) Math.max(1, TRAINING_SECONDS / step);
      double[] steps = new double[rounds];
      double[] communication = new double[rounds];
      double[] waiting = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        Group.Times times = group.run(runs);
        steps[round] = 1000 * times.seconds() / runs;
        communication[round] = 100 * times.communication() / times.seconds();
        waiting[round] = 100 * times.waiting() / times.seconds();
      }
      System.out.printf(
          Locale.ROOT,
          "| %s, batch %d | %d | %.2f | %.1f%% | %.1f%% |%n",
          network,
          batchSize,
          workers,
          median(steps),
          median(communication),
          median(waiting));
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
