package org.convoyml.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.convoyml.benchmarks.ContestantProcess.Turn;

/**
 * Prints a Markdown table of how fast all peers train, a line as soon as it is there, and writes
 * the medians as CSV for a picture.
 *
 * <p>Arguments: {@code NETWORKS CORES ROUNDS CSV}, the first two with commas between them.
 */
public final class PeersTable {
  /**
   * Who has had as much takes no more turns: a step of a large network may take longer than that.
   */
  private static final double MOST_SECONDS = 20;

  private static final String LEGEND =
      """
      Images/s of training, median (least–most) over rounds; how many times as fast Convoy in f32 \
      is, on Spark to what is on Spark; the most memory of the process, beyond its libraries.
      """;

  private static final String CELL = "%s; %s×; %s MB";

  private final int rounds;
  private final PrintWriter csv;

  private PeersTable(int rounds, PrintWriter csv) {
    this.rounds = rounds;
    this.csv = csv;
  }

  public static void main(String[] words) throws IOException {
    int rounds = Integer.parseInt(words[2]);
    try (PrintWriter csv =
        new PrintWriter(Files.newBufferedWriter(Path.of(words[3]), StandardCharsets.UTF_8), true)) {
      csv.println("network,cores,peer,images_per_second,megabytes");
      System.out.println(LEGEND);
      System.out.println(header());
      for (String network : words[0].split(",")) {
        for (String cores : words[1].split(",")) {
          Contest contest = Contest.ofPeers(network, Integer.parseInt(cores));
          System.out.println(new PeersTable(rounds, csv).row(contest));
        }
      }
    }
  }

  private static String header() {
    return Stream.of(Peer.values()).map(Peer::title).collect(line("| network | batch | cores | "))
        + "\n|---|---|---|"
        + "---|".repeat(Peer.values().length);
  }

  private static Collector<CharSequence, ?, String> line(String start) {
    return Collectors.joining(" | ", start, " |");
  }

  /** Measures, and gives a line. */
  private String row(Contest contest) {
    Map<Peer, List<Turn>> turns = turns(contest);
    return Stream.of(Peer.values())
        .map(peer -> cell(contest, peer, turns.get(peer.opposite()), turns.get(peer)))
        .collect(
            line(
                "| %s | %d | %d | "
                    .formatted(contest.network(), contest.batch(), contest.threads())));
  }

  /**
   * The turns of each, in rounds; of who fails, those until then. The slowest, which also take the
   * most memory, are first, so that they have gone before others start.
   */
  private Map<Peer, List<Turn>> turns(Contest contest) {
    List<Peer> left = new ArrayList<>(List.of(Peer.values()));
    left.removeIf(peer -> !peer.runsHere());
    Collections.reverse(left);
    Map<Peer, ContestantProcess> processes = new EnumMap<>(Peer.class);
    Map<Peer, List<Turn>> turns = new EnumMap<>(Peer.class);
    Map<Peer, Double> seconds = new EnumMap<>(Peer.class);
    left.forEach(peer -> turns.put(peer, new ArrayList<>()));
    try {
      for (int round = 0; round < rounds; round++) {
        for (Peer peer : List.copyOf(left)) {
          try {
            if (round == 0) {
              processes.put(peer, ContestantProcess.peer(peer, contest));
            }
            long begin = System.nanoTime();
            turns.get(peer).add(processes.get(peer).turn());
            seconds.merge(peer, (System.nanoTime() - begin) / 1e9, Double::sum);
          } catch (IOException e) {
            System.err.println(e.getMessage());
            seconds.put(peer, Double.POSITIVE_INFINITY);
          }
          if (seconds.get(peer) > MOST_SECONDS) {
            left.remove(peer);
            Optional.ofNullable(processes.remove(peer)).ifPresent(ContestantProcess::close);
          }
        }
      }
    } finally {
      processes.values().forEach(ContestantProcess::close);
    }
    return turns;
  }

  /** Images/s, how many times as many Convoy has, and the most memory. */
  private String cell(Contest contest, Peer peer, List<Turn> convoy, List<Turn> turns) {
    if (!peer.runsHere()) {
      return "no bf16 here";
    }
    if (turns.isEmpty()) {
      return "failed";
    }
    Samples rates = times(turns).perSecond(contest.batch());
    Turn last = turns.get(turns.size() - 1);
    String megabytes = String.format(Locale.ROOT, "%.0f", last.grownBytes() / 1e6);
    csv.printf(
        Locale.ROOT,
        "%s,%d,\"%s\",%.4f,%s%n",
        contest.network(),
        contest.threads(),
        peer.title(),
        rates.median(),
        megabytes);
    return CELL.formatted(rates, ratio(convoy, turns), megabytes);
  }

  /** Within rounds, and then their median. */
  private static String ratio(List<Turn> convoy, List<Turn> turns) {
    int both = Math.min(convoy.size(), turns.size());
    if (both == 0) {
      return "–";
    }
    Samples ratios = times(turns.subList(0, both)).over(times(convoy.subList(0, both)));
    return String.format(Locale.ROOT, "%.2f", ratios.median());
  }

  private static Samples times(List<Turn> turns) {
    return new Samples(turns.stream().mapToDouble(turn -> turn.milliseconds()[0]).toArray());
  }
}
