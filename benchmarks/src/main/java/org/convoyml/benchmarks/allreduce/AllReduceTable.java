package org.convoyml.benchmarks.allreduce;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.convoyml.spark.collective.Blocks;

/**
 * Prints two tables: throughput of an all-reduce between two processes against a bare pair of
 * socket channels in the same run, and the share of communication in training steps.
 */
public final class AllReduceTable {
  private static final int WARM_UP = 20;

  /** Until the just-in-time compiler has done with the network's code. */
  private static final int TRAINING_WARM_UP = 300;

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
    try (Pair bare = new Pair("bare", length);
        Pair plain = new Pair("plain", length);
        Pair encrypted = new Pair("encrypted", length)) {
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
    try (Pair pair = new Pair("plain", String.valueOf(2 * Blocks.SIZE))) {
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
        "| two workers of one thread, 8 lanes | step, ms | communication | waiting |");
    System.out.println("|---|---|---|---|");
    training("resnet20", 128, rounds);
    training("lenet", 64, rounds);
  }

  private static void training(String network, int batchSize, int rounds) throws IOException {
    try (Pair pair = new Pair("training", network, String.valueOf(batchSize))) {
      double seconds = pair.run(TRAINING_WARM_UP).seconds() / TRAINING_WARM_UP;
      int runs = (int) Math.max(1, TRAINING_SECONDS / seconds);
      double[] steps = new double[rounds];
      double[] communication = new double[rounds];
      double[] waiting = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        Pair.Times times = pair.run(runs);
        steps[round] = 1000 * times.seconds() / runs;
        communication[round] = 100 * times.communication() / times.seconds();
        waiting[round] = 100 * times.waiting() / times.seconds();
      }
      System.out.printf(
          Locale.ROOT,
          "| %s, batch %d | %.2f | %.1f%% | %.1f%% |%n",
          network,
          batchSize,
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
