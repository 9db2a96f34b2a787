package org.convoyml.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.train.UpdateRule;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.preflight.Finding.Outcome;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
  private static final long MB = 1 << 20;
  private static final MemoryNeeds NEEDS = new MemoryNeeds(100 * MB, 50 * MB);

  private static ExecutorReport executor(String id, int slots, long heap, long machine) {
    return new ExecutorReport(
        id, "somewhere", slots, "", "", "", "", heap * MB, machine * MB, new Finding[0]);
  }

  private static List<Finding> check(
      Map<String, String> settings, int workers, ExecutorReport... executors) {
    SparkConf conf = new SparkConf(false).set("spark.master", "spark://somewhere:7077");
    settings.forEach(conf::set);
    return new MemoryCheck(conf, NEEDS, workers).of(List.of(executors));
  }

  private static String failure(
      Map<String, String> settings, int workers, ExecutorReport... executors) {
    List<Finding> findings = check(settings, workers, executors);
    assertThat(findings).hasSize(1).allMatch(Finding::isFailure);
    return findings.get(0).message();
  }

  @Test
  void enoughIsEnough() {
    assertThat(check(Map.of(), 2, executor("0", 2, 400, 10_000)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome()).isEqualTo(Outcome.OK);
              assertThat(finding.message())
                  .isEqualTo(
                      "each worker takes 100 MB of native memory and at least 50 MB of heap");
            });
  }

  @Test
  void aHeapTooSmallForTheVectorsOfItsWorkersIsNamed() {
    assertThat(failure(Map.of(), 8, executor("3", 4, 499, 10_000)))
        .isEqualTo(
            "executor 3 (somewhere): expected a heap of at least 500 MB for 4 workers of 50 MB and"
                + " 300 MB for Spark, found 499 MB; set --executor-memory 501m or more");
  }

  @Test
  void inLocalModeTheHeapIsTheDrivers() {
    assertThat(failure(Map.of("spark.master", "local[4]"), 4, executor("driver", 4, 499, 10_000)))
        .endsWith("set --driver-memory 501m or more");
  }

  @Test
  void anOverheadTooSmallForNativeMemoryIsNamed() {
    assertThat(
            failure(
                Map.of("spark.executor.memoryOverhead", "455"), 2, executor("0", 4, 999, 10_000)))
        .isEqualTo(
            "executor 0 (somewhere): expected at least 456 MB of memory beside the heap for 2"
                + " workers of 100 MB and 256 MB for the JVM, found 455 MB: its container would be"
                + " killed; set --conf spark.executor.memoryOverhead=457m or more");
    assertThat(
            check(
                Map.of("spark.executor.memoryOverhead", "456m"), 2, executor("0", 4, 999, 10_000)))
        .noneMatch(Finding::isFailure);
  }

  /** Spark gives a tenth of the heap, and at least 384 MB, where nothing is said. */
  @Test
  void onYarnAndKubernetesThereIsAnOverheadWithoutASetting() {
    for (String master : List.of("yarn", "k8s://https://somewhere")) {
      assertThat(failure(Map.of("spark.master", master), 2, executor("0", 2, 999, 10_000)))
          .contains("found 384 MB");
      assertThat(
              check(
                  Map.of(
                      "spark.master", master,
                      "spark.executor.memory", "1g",
                      "spark.executor.memoryOverheadFactor", "0.5"),
                  2,
                  executor("0", 2, 999, 10_000)))
          .noneMatch(Finding::isFailure);
    }
  }

  @Test
  void executorsThatTogetherNeedMoreThanTheirMachineAreNamed() {
    assertThat(failure(Map.of(), 2, executor("0", 1, 1000, 1411), executor("1", 1, 1000, 1411)))
        .isEqualTo(
            "somewhere: expected at least 1,412 MB for what training needs on 2 executors, found"
                + " 1,411 MB; use fewer workers on this machine, or a machine with more memory");
  }

  @Test
  void heapsThatTogetherAreMoreThanTheirMachineAreWarnedOf() {
    assertThat(check(Map.of(), 2, executor("0", 1, 1000, 2711), executor("1", 1, 1000, 2711)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome()).isEqualTo(Outcome.WARNING);
              assertThat(finding.message())
                  .isEqualTo(
                      "somewhere: expected 2,712 MB for the full heaps and the native memory of 2"
                          + " executors, found 2,711 MB; give executors less heap, or the machine"
                          + " fewer executors");
            });
  }

  /** VGG-16 has 138 million parameters, which is 528 MB for each vector. */
  @Test
  void whatANetworkTakesFollowsFromItsSize() {
    UpdateRule momentum = UpdateRule.of(new Sgd(0.9f, false));
    MemoryNeeds gradients = needsOfVgg(false, momentum);
    assertThat(gradients.nativePerWorker()).isBetween(1_200 * MB, 3_000 * MB);
    // Parameters, the sum and one lane's gradient; an eighth of the velocities.
    assertThat(gradients.heapPerWorker()).isBetween(3 * 528 * MB, 7 * 528 * MB / 2);
    // Besides, what the replica has for itself, and its velocities whole.
    assertThat(needsOfVgg(true, momentum).heapPerWorker())
        .isBetween(5 * 528 * MB, 11 * 528 * MB / 2);
    // An eighth of the moving average, and all of it when the round ends.
    long averaged =
        needsOfVgg(false, new UpdateRule(new Sgd(0.9f, false), 0, 0, 0.99f)).heapPerWorker();
    assertThat(averaged - gradients.heapPerWorker()).isBetween(590 * MB, 600 * MB);
  }

  private static MemoryNeeds needsOfVgg(boolean replicas, UpdateRule rule) {
    return MemoryNeeds.of(
        new PreflightRequest(
            Optional.empty(),
            "onednn",
            Precision.F32,
            rule,
            replicas,
            8,
            8,
            64,
            List.of(),
            Duration.ofSeconds(1)),
        Zoo.build("vgg16", Shape.of(3, 224, 224), 1000),
        8,
        1);
  }
}
