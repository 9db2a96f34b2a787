package org.convoyml.spark.preflight;

import static java.util.stream.Collectors.joining;
import static org.convoyml.spark.preflight.Finding.failed;
import static org.convoyml.spark.preflight.Finding.ok;
import static org.convoyml.spark.preflight.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Whether executors are alike, and like the driver where that matters. */
final class Equality {
  private static final String SPARK_FIX = "install one Spark on all machines";
  private static final String CONVOY_FIX =
      "remove other Convoys from the executors' class path (spark.jars,"
          + " spark.executor.extraClassPath)";

  private Equality() {}

  /**
   * Versions of Spark, Scala and Convoy.
   *
   * @param spark the driver's
   * @param convoy the driver's
   */
  static List<Finding> versions(List<ExecutorReport> reports, String spark, String convoy) {
    List<Finding> findings = new ArrayList<>();
    for (ExecutorReport report : reports) {
      if (!report.spark().equals(spark)) {
        findings.add(other(report, spark, report.spark(), SPARK_FIX));
      }
      if (!report.convoy().equals(convoy)) {
        findings.add(other(report, "Convoy " + convoy, "Convoy " + report.convoy(), CONVOY_FIX));
      }
    }
    return findings.isEmpty()
        ? List.of(
            ok(
                Preflight.VERSIONS,
                "%s, Convoy %s on the driver and %s"
                    .formatted(spark, convoy, Preflight.count(reports))))
        : findings;
  }

  private static Finding other(ExecutorReport report, String expected, String found, String fix) {
    return failed(
        Preflight.VERSIONS,
        "%s: expected the driver's %s, found %s".formatted(report.name(), expected, found),
        fix);
  }

  /** Processors and their instruction sets: the same bits come only from the same instructions. */
  static Finding processors(List<ExecutorReport> reports) {
    Function<ExecutorReport, String> kind =
        report -> report.processor() + (report.engine().isEmpty() ? "" : "; " + report.engine());
    List<String> kinds = reports.stream().map(kind).distinct().toList();
    if (kinds.size() == 1) {
      return ok(Preflight.PROCESSORS, kinds.get(0));
    }
    String each =
        reports.stream()
            .map(report -> report.name() + " has " + kind.apply(report))
            .collect(joining(", "));
    return warning(
        Preflight.PROCESSORS,
        "expected one kind of processor, found %d: %s: the same training may give other bits"
            .formatted(kinds.size(), each),
        "train on equal machines where that matters");
  }
}
