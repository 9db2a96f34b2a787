package org.convoyml.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.convoyml.spark.preflight.Finding.Outcome;
import org.junit.jupiter.api.Test;

class EqualityTest {
  private static ExecutorReport executor(
      String id, String spark, String convoy, String processor, String engine) {
    return new ExecutorReport(
        id, "host" + id, 1, spark, convoy, processor, engine, 1, 1, new Finding[0]);
  }

  private static ExecutorReport executor(String id, String engine) {
    return executor(id, "Spark 3.5.5", "1.0", "Xeon", engine);
  }

  @Test
  void equalExecutorsAreFine() {
    List<ExecutorReport> reports = List.of(executor("0", "oneDNN"), executor("1", "oneDNN"));
    assertThat(Equality.versions(reports, "Spark 3.5.5", "1.0"))
        .containsExactly(
            Finding.ok("versions", "Spark 3.5.5, Convoy 1.0 on the driver and 2 executors"));
    assertThat(Equality.processors(reports)).isEqualTo(Finding.ok("processors", "Xeon; oneDNN"));
  }

  @Test
  void otherVersionsAreNamedWithTheirExecutors() {
    List<ExecutorReport> reports =
        List.of(
            executor("0", "Spark 3.5.1", "1.0", "", ""),
            executor("1", "Spark 3.5.5", "1.1", "", ""));
    assertThat(Equality.versions(reports, "Spark 3.5.5", "1.0"))
        .allMatch(Finding::isFailure)
        .extracting(Finding::message)
        .containsExactly(
            "executor 0 (host0): expected the driver's Spark 3.5.5, found Spark 3.5.1; install one"
                + " Spark on all machines",
            "executor 1 (host1): expected the driver's Convoy 1.0, found Convoy 1.1; remove other"
                + " Convoys from the executors' class path (spark.jars,"
                + " spark.executor.extraClassPath)");
  }

  @Test
  void otherInstructionsAreWarnedOf() {
    Finding finding = Equality.processors(List.of(executor("0", "AVX2"), executor("1", "AVX-512")));
    assertThat(finding.outcome()).isEqualTo(Outcome.WARNING);
    assertThat(finding.message())
        .isEqualTo(
            "expected one kind of processor, found 2: executor 0 (host0) has Xeon; AVX2, executor 1"
                + " (host1) has Xeon; AVX-512: the same training may give other bits; train on"
                + " equal machines where that matters");
  }
}
