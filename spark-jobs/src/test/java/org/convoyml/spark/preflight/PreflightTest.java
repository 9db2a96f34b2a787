package org.convoyml.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.train.UpdateRule;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.preflight.Finding.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real Spark in one JVM, with eight slots. */
@Timeout(120)
class PreflightTest {
  @TempDir private Path folder;

  private static PreflightRequest request(String engine, int workers, String... places) {
    return new PreflightRequest(
        Optional.of(Samples.residualNetwork()),
        engine,
        Precision.F32,
        UpdateRule.of(new Sgd(0.9f, false)),
        false,
        workers,
        16,
        32,
        List.of(places),
        Duration.ofSeconds(30));
  }

  private static List<Finding> run(PreflightRequest request) {
    List<Finding> told = new ArrayList<>();
    List<Finding> findings = Preflight.run(LocalSpark.session(), request, told::add);
    assertThat(told).isEqualTo(findings);
    return findings;
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }

  @Test
  void aReadyClusterPassesAllChecksAndNothingStaysBehind() throws IOException {
    Path output = folder.resolve("not/yet/there");
    List<Finding> findings = run(request("onednn", 8, output.toString(), folder + "/states"));
    assertThat(findings).allMatch(finding -> finding.outcome() == Outcome.OK);
    assertThat(findings)
        .extracting(Finding::check)
        .containsExactly(
            "spark",
            "allocation",
            "network",
            "serializer",
            "slots",
            "native",
            "connections",
            "versions",
            "processors",
            "memory",
            "places",
            "places");
    assertThat(everything()).containsExactly(folder);
    Preflight.check(LocalSpark.session(), request("onednn", 8, output.toString()));
  }

  @Test
  void tooManyWorkersAreNamedAndTheRestIsCheckedNevertheless() {
    assertThat(run(request("reference", 9)))
        .filteredOn(Finding::isFailure)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.check()).isEqualTo("slots");
              assertThat(finding.message())
                  .isEqualTo(
                      "expected 9 task slots of 1 cores at once, found 8; use more cores or fewer"
                          + " --workers, and executors that fit the cluster's machines");
            });
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() {
    assertThat(run(request("reference", 1, "/proc/models/mine")))
        .filteredOn(Finding::isFailure)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .startsWith(
                        "driver: expected to write /proc/models/mine: /proc/.convoy-preflight-")
                    .endsWith(": cannot create: refused; " + SharedPlace.FIX));
  }

  @Test
  void anEngineThatDoesNotRunOnAnExecutorIsNamed() {
    assertThat(run(request("abacus", 1)))
        .filteredOn(finding -> finding.isFailure() && finding.check().equals("native"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .startsWith("executor driver (127.0.0.1): no engine is named 'abacus'")
                    .contains("look into the executor's log"));
  }

  @Test
  void aNetworkThatTheDriverCannotCompileIsNamedWithWhatToDo() {
    assertThat(run(request("abacus", 1)))
        .filteredOn(finding -> finding.isFailure() && finding.check().equals("memory"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .startsWith("driver: no engine is named 'abacus'")
                    .endsWith(
                        "; correct the network, or take --engine reference, which knows all"
                            + " layers"));
  }

  @Test
  void allFailuresAreOneLine() {
    assertThatThrownBy(
            () ->
                Preflight.check(LocalSpark.session(), request("reference", 9, "/proc/models/mine")))
        .isInstanceOf(ConvoyException.class)
        .hasMessageMatching(
            "not ready to train: slots: expected 9 task slots .* \\| places: driver: .*");
  }

  @Test
  void wrongSettingsKeepExecutorsFromBeingAsked() {
    var spark = LocalSpark.session().sparkContext();
    spark.conf().set("spark.dynamicAllocation.enabled", "true");
    try {
      List<Finding> findings = run(request("reference", 1));
      assertThat(findings).filteredOn(Finding::isFailure).hasSize(1);
      assertThat(findings)
          .filteredOn(finding -> finding.outcome() == Outcome.SKIPPED)
          .hasSize(7)
          .allMatch(finding -> finding.message().equals("not checked: settings are wrong"));
    } finally {
      spark.conf().remove("spark.dynamicAllocation.enabled");
    }
  }

  /** A job that is over leaves the session as it was. */
  @Test
  void manyCanFollowEachOther() {
    String before =
        LocalSpark.session().sparkContext().getLocalProperty("spark.job.interruptOnCancel");
    for (int i = 0; i < 3; i++) {
      Preflight.check(LocalSpark.session(), request("reference", 2));
    }
    assertThat(LocalSpark.session().sparkContext().getLocalProperty("spark.job.interruptOnCancel"))
        .isEqualTo(before);
  }

  /** All slots are taken by somebody else who does not give them back in time. */
  @Test
  void executorsThatDoNotAnswerInTimeAreGivenUp() {
    var spark = LocalSpark.session().sparkContext();
    spark.setJobGroup("busy", "keeps all slots", true);
    var busy =
        new org.apache.spark.api.java.JavaSparkContext(spark)
            .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8)
            .map(
                number -> {
                  Thread.sleep(60_000);
                  return number;
                })
            .collectAsync();
    spark.clearJobGroup();
    try {
      List<Finding> findings =
          run(
              new PreflightRequest(
                  Optional.empty(),
                  "reference",
                  Precision.F32,
                  UpdateRule.of(new Sgd(0.9f, false)),
                  false,
                  1,
                  8,
                  8,
                  List.of(folder.resolve("model").toString()),
                  Duration.ofSeconds(3)));
      assertThat(findings)
          .filteredOn(Finding::isFailure)
          .singleElement()
          .satisfies(
              finding ->
                  assertThat(finding.message())
                      .startsWith("not all executors answered within 3 s"));
      assertThat(everything()).containsExactly(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      busy.cancel(true);
    }
  }
}
