package org.convoyml.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * One side of a comparison, in a process of its own, so that no library's threads disturb
 * another's. It waits for a line, works for a while, and answers with milliseconds a step and its
 * peak memory.
 */
public final class Contestant {
  private static final int LEAST_STEPS = 3;
  private static final long ROUND_NANOS = 2_000_000_000L;

  private Contestant() {}

  /** Does one step. */
  @FunctionalInterface
  public interface Step {
    void run();
  }

  /** Answers lines with the median time of a step, until there are no more. */
  public static void serve(Step step) throws IOException {
    step.run();
    step.run();
    serveTimes(() -> median(step));
  }

  /** Answers lines with milliseconds that were measured otherwise. */
  static void serveTimes(DoubleSupplier milliseconds) throws IOException {
    System.out.println("ready");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      System.out.printf("%.6f %d%n", milliseconds.getAsDouble(), peakBytes());
    }
  }

  private static double median(Step step) {
    double[] times = new double[1000];
    int count = 0;
    long begin = System.nanoTime();
    while (count < LEAST_STEPS
        || (count < times.length && System.nanoTime() - begin < ROUND_NANOS)) {
      long start = System.nanoTime();
      step.run();
      times[count++] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(times, 0, count);
    return times[count / 2];
  }

  /** The most physical memory that this process had so far. */
  private static long peakBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmHWM in /proc/self/status");
  }
}
