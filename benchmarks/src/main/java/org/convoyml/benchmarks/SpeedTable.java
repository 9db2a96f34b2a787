package org.convoyml.benchmarks;

import java.io.IOException;
import org.convoyml.benchmarks.ContestantProcess.Turn;

/**
 * Lets Convoy, the bare primitives and libtorch take turns. Ratios are taken within a round, and
 * then the median over rounds, so that they hold on a noisy machine.
 *
 * @param rounds turns that each contestant takes
 * @param libtorch whether libtorch takes part; it is there in the profile {@code peers} only
 */
record SpeedTable(int rounds, boolean libtorch) {
  static final String HEADER =
      """
      | network | batch | threads | precision | Convoy, images/s | bound | Convoy / bound \
      | libtorch, f32 | Convoy / libtorch |
      |---|---|---|---|---|---|---|---|---|\
      """;

  /** Measures, and gives a line. */
  String row(Contest contest) throws IOException {
    Samples convoy = Samples.of(rounds);
    Samples bound = Samples.of(rounds);
    Samples shortcuts = Samples.of(rounds);
    Samples peer = Samples.of(rounds);
    try (ContestantProcess first = ContestantProcess.bound(contest);
        ContestantProcess second = ContestantProcess.convoy(contest);
        ContestantProcess third = libtorch ? ContestantProcess.libtorch(contest) : null) {
      for (int round = 0; round < rounds; round++) {
        Turn turn = first.turn();
        bound.set(round, turn.milliseconds()[0]);
        shortcuts.set(round, turn.milliseconds()[1]);
        convoy.set(round, second.turn().milliseconds()[0]);
        if (third != null) {
          peer.set(round, third.turn().milliseconds()[0]);
        }
      }
    }
    int batch = contest.batch();
    return "| %s | %d | %d | %s | %s | %s | %s | %s | %s |"
        .formatted(
            contest.network(),
            batch,
            contest.threads(),
            contest.precisionName(),
            convoy.perSecond(batch),
            bound.perSecond(batch),
            ratioToBound(convoy, bound, shortcuts),
            libtorch ? peer.perSecond(batch) : "",
            libtorch ? peer.over(convoy) : "");
  }

  private static String ratioToBound(Samples convoy, Samples bound, Samples shortcuts) {
    String ratio = bound.over(convoy).toString();
    return shortcuts.median() == 0
        ? ratio
        : ratio + "; without shortcuts " + bound.minus(shortcuts).over(convoy);
  }
}
