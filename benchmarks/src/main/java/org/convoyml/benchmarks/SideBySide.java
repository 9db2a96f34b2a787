package org.convoyml.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.convoyml.nn.engine.CompileOptions.Precision;

/**
 * Prints a Markdown table of measurements, a line as soon as it is there.
 *
 * <p>Arguments: {@code training|inference|memory|breakdown NETWORKS PRECISIONS THREADS ROUNDS
 * LIBTORCH}; networks and precisions with commas between them, {@code LIBTORCH} true or false.
 */
public final class SideBySide {
  private static final double BREAKDOWN_SECONDS = 5;

  private SideBySide() {}

  public static void main(String[] words) throws IOException {
    String suite = words[0];
    List<Contest> contests =
        contests(words[1], words[2], Integer.parseInt(words[3]), !suite.equals("inference"));
    switch (suite) {
      case "training", "inference" -> {
        SpeedTable table =
            new SpeedTable(Integer.parseInt(words[4]), Boolean.parseBoolean(words[5]));
        System.out.println(SpeedTable.HEADER);
        for (Contest contest : withOneThread(contests)) {
          System.out.println(table.row(contest));
        }
      }
      case "memory" -> {
        System.out.println(MemoryTable.HEADER);
        for (Contest contest : contests) {
          System.out.println(MemoryTable.row(contest));
        }
      }
      case "breakdown" -> {
        System.out.println(Breakdown.HEADER);
        for (Contest contest : contests) {
          System.out.print(Breakdown.table(contest, BREAKDOWN_SECONDS));
        }
      }
      default -> throw new IllegalArgumentException("no suite " + suite);
    }
  }

  private static List<Contest> contests(
      String networks, String precisions, int threads, boolean training) {
    List<Contest> contests = new ArrayList<>();
    for (String network : networks.split(",")) {
      for (String name : precisions.split(",")) {
        Precision precision = Precision.valueOf(name.toUpperCase(Locale.ROOT));
        contests.add(new Contest(network, Contest.batchOf(network), threads, precision, training));
      }
    }
    return contests;
  }

  /** LeNet also runs on one thread: its steps are so short that libtorch is faster there. */
  private static List<Contest> withOneThread(List<Contest> contests) {
    List<Contest> all = new ArrayList<>();
    for (Contest contest : contests) {
      all.add(contest);
      if (contest.network().equals("lenet") && contest.threads() > 1) {
        all.add(contest.withThreads(1));
      }
    }
    return all;
  }
}
