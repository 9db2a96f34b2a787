package org.convoyml.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.convoyml.nn.engine.CompileOptions.Precision;

/**
 * Lets Convoy, the bare primitives and libtorch take turns, and prints a row of a Markdown table
 * for each contest. Ratios are taken within a turn and then the median over turns, so that they
 * hold on a noisy machine.
 *
 * <p>Arguments: {@code training|inference|memory ROUNDS NETWORK...}
 */
public final class SideBySide {
  private static final String LIBTORCH = "org.convoyml.benchmarks.peers.LibtorchContestant";
  private static final int THREADS = 2;

  private SideBySide() {}

  public static void main(String[] words) throws IOException {
    boolean memory = words[0].equals("memory");
    boolean training = !words[0].equals("inference");
    int rounds = Integer.parseInt(words[1]);
    System.out.println(
        memory
            ? "| network | batch | Convoy's peak | libtorch's peak | Convoy / libtorch |"
            : "| network | batch | precision | Convoy, images/s | bound | Convoy / bound |"
                + " libtorch (f32) | Convoy / libtorch |");
    System.out.println(memory ? "|---|---|---|---|---|" : "|---|---|---|---|---|---|---|---|");
    for (String network : Arrays.copyOfRange(words, 2, words.length)) {
      int batch = Contest.BATCHES.get(network);
      if (memory) {
        peaks(new Contest(network, batch, THREADS, Precision.F32, true));
        continue;
      }
      for (Precision precision : Precision.values()) {
        speeds(new Contest(network, batch, THREADS, precision, training), rounds);
      }
    }
  }

  private static void speeds(Contest contest, int rounds) throws IOException {
    Contest inF32 =
        new Contest(contest.network(), contest.batch(), THREADS, Precision.F32, contest.training());
    double[] convoy = new double[rounds];
    double[] bound = new double[rounds];
    double[] libtorch = new double[rounds];
    try (Other a = new Other(ConvoyContestant.class.getName(), contest);
        Other b = new Other(BoundContestant.class.getName(), contest);
        Other c = new Other(LIBTORCH, inF32)) {
      for (int round = 0; round < rounds; round++) {
        convoy[round] = a.turn().milliseconds();
        bound[round] = b.turn().milliseconds();
        libtorch[round] = c.turn().milliseconds();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %s | %s | %s | %.2f | %s | %.2f |%n",
        contest.network(),
        contest.batch(),
        contest.precision().name().toLowerCase(Locale.ROOT),
        imagesPerSecond(contest, convoy),
        imagesPerSecond(contest, bound),
        medianRatio(bound, convoy),
        imagesPerSecond(contest, libtorch),
        medianRatio(libtorch, convoy));
  }

  private static void peaks(Contest contest) throws IOException {
    long convoy;
    long libtorch;
    try (Other other = new Other(ConvoyContestant.class.getName(), contest)) {
      convoy = other.turn().peakBytes();
    }
    try (Other other = new Other(LIBTORCH, contest)) {
      libtorch = other.turn().peakBytes();
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %,.0f MB | %,.0f MB | %.2f |%n",
        contest.network(),
        contest.batch(),
        convoy / 1e6,
        libtorch / 1e6,
        (double) convoy / libtorch);
  }

  private static String imagesPerSecond(Contest contest, double[] milliseconds) {
    double rate = contest.batch() * 1000 / median(milliseconds);
    return String.format(Locale.ROOT, rate < 100 ? "%.2f" : "%,.0f", rate);
  }

  /** How many times faster the second is. */
  private static double medianRatio(double[] first, double[] second) {
    double[] ratios = new double[first.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = first[i] / second[i];
    }
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private record Turn(double milliseconds, long peakBytes) {}

  /** A contestant's process. */
  private static final class Other implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;

    private Other(String mainClass, Contest contest) throws IOException {
      name = mainClass;
      List<String> command = new ArrayList<>();
      command.add(System.getProperty("java.home") + "/bin/java");
      command.addAll(List.of("-Xmx8g", "-cp", System.getProperty("java.class.path"), mainClass));
      command.addAll(List.of(contest.toArguments()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      in =
          new BufferedWriter(
              new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
      answer();
    }

    private Turn turn() throws IOException {
      in.write("go\n");
      in.flush();
      String[] words = answer().split(" ");
      return new Turn(Double.parseDouble(words[0]), Long.parseLong(words[1]));
    }

    private String answer() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new IOException(name + " ended without an answer");
      }
      return line;
    }

    @Override
    public void close() {
      try {
        if (process.isAlive()) {
          in.close();
        }
        process.waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        process.destroy();
      }
    }
  }
}
