package org.convoyml.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * One side of a comparison, in a process of its own, so that no library's threads disturb
 * another's. Make it once libraries are loaded, before the network is. It waits for a line, works
 * for a while, and answers with how many bytes the process has grown since it was made, and with
 * milliseconds.
 */
public final class Contestant {
  private static final double TURN_SECONDS = 2;

  private final long bytesBefore = resident("VmRSS:");
  private final PrintStream answers = System.out;

  /** Keeps standard output for answers: what libraries print there goes to standard error. */
  public Contestant() {
    System.setOut(System.err);
  }

  /** What is to be compared. */
  @FunctionalInterface
  public interface Step extends Runnable {}

  /** Answers lines with the median time of a step, until there are no more. */
  public void serve(Step step) throws IOException {
    step.run();
    step.run();
    serveTimes(seconds -> List.of(Stopwatch.median(Stopwatch.milliseconds(step, seconds))));
  }

  /**
   * Answers lines with the median time of a step, which may take so long that once is enough in a
   * turn.
   *
   * @param warmUp runs before, for as long as a turn
   * @param batches how many batches a step computes, by which its time is divided
   */
  public void serveSlow(Step warmUp, Step step, int batches) throws IOException {
    Stopwatch.milliseconds(warmUp, TURN_SECONDS, 1);
    serveTimes(
        seconds -> List.of(Stopwatch.median(Stopwatch.milliseconds(step, seconds, 1)) / batches));
  }

  /**
   * Answers lines with milliseconds that were measured otherwise.
   *
   * @param milliseconds from the seconds that it may take
   */
  void serveTimes(DoubleFunction<List<Double>> milliseconds) throws IOException {
    answers.println("ready");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      List<Double> times = milliseconds.apply(TURN_SECONDS);
      StringBuilder answer = new StringBuilder().append(resident("VmHWM:") - bytesBefore);
      times.forEach(each -> answer.append(' ').append(each));
      answers.println(answer);
    }
  }

  /** Physical memory of this process: {@code VmRSS} now, {@code VmHWM} the most so far. */
  private static long resident(String key) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(key)) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read this process's memory", e);
    }
    throw new IllegalStateException("no " + key + " in /proc/self/status");
  }
}
