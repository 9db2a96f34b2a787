package org.convoyml.benchmarks;

import java.io.IOException;
import java.util.Locale;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.MemoryPlan;

/**
 * What a step takes of physical memory, beyond what the process took with its libraries loaded:
 * natively, beside the plan; and in all, with the Java heap, beside libtorch.
 */
final class MemoryTable {
  static final String HEADER =
      """
      | network | batch | precision | live at the peak, planned | buffers, planned \
      | native, measured | measured / live | Convoy with Java heap | libtorch, f32 \
      | Convoy / libtorch |
      |---|---|---|---|---|---|---|---|---|---|\
      """;

  private MemoryTable() {}

  /** Measures, and gives a line. */
  static String row(Contest contest) throws IOException {
    MemoryPlan plan;
    try (CompiledNetwork network = ConvoyContestant.compile(contest)) {
      plan = network.memoryPlan();
    }
    long live = plan.parameters() + plan.peakLive();
    long nativeBytes = grown(ContestantProcess.convoyWithHeapInPlace(contest));
    long allBytes = grown(ContestantProcess.convoy(contest));
    long libtorch = grown(ContestantProcess.libtorch(contest));
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %s | %s | %s | %.2f | %s | %s | %.2f |",
        contest.network(),
        contest.batch(),
        contest.precisionName(),
        megabytes(live),
        megabytes(plan.total()),
        megabytes(nativeBytes),
        (double) nativeBytes / live,
        megabytes(allBytes),
        megabytes(libtorch),
        (double) allBytes / libtorch);
  }

  private static long grown(ContestantProcess process) throws IOException {
    try (process) {
      return process.turn().grownBytes();
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.0f MB", bytes / 1e6);
  }
}
