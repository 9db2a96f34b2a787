package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first of Convoy's promises: a result does not depend on who computed it. */
@Timeout(120)
class WorkerIdentityTest {
  /** Neither a multiple of the batch size nor of the lanes. */
  private static final int IMAGES = 101;

  @TempDir private Path folder;

  @Test
  void anyNumberOfWorkersGivesTheSameWeights() throws IOException {
    Map<String, String> augmented = Map.of("augment", "rotate(10), translate(0.1)");
    byte[] one = weights(Trainings.LENET, IMAGES, 1, augmented);
    for (int workers : new int[] {2, 3, 4, 8}) {
      assertThat(weights(Trainings.LENET, IMAGES, workers, augmented))
          .as("%d workers", workers)
          .isEqualTo(one);
    }
  }

  @Test
  void itHoldsWithRunningStatisticsAndWhenMostWorkersOwnNothing() throws IOException {
    byte[] one = weights(Samples.residualNetwork(), IMAGES, 1, Map.of());
    for (int workers : new int[] {2, 3, 8}) {
      assertThat(weights(Samples.residualNetwork(), IMAGES, workers, Map.of()))
          .as("%d workers", workers)
          .isEqualTo(one);
    }
  }

  @Test
  void itHoldsWithOneImageInEachLane() throws IOException {
    Map<String, String> small = Map.of("batch-size", "8");
    assertThat(weights(Samples.residualNetwork(), 43, 3, small))
        .isEqualTo(weights(Samples.residualNetwork(), 43, 1, small));
  }

  @Test
  void itHoldsWithFewerImagesThanLanes() throws IOException {
    assertThat(weights(Trainings.LENET, 5, 8, Map.of()))
        .isEqualTo(weights(Trainings.LENET, 5, 1, Map.of()));
  }

  @Test
  void oneLaneIsEnough() throws IOException {
    assertThat(weights(Samples.residualNetwork(), 43, 1, Map.of("lanes", "1")))
        .isNotEqualTo(weights(Samples.residualNetwork(), 43, 1, Map.of("lanes", "2")));
  }

  @Test
  void anotherSeedGivesOtherWeights() throws IOException {
    assertThat(weights(Samples.residualNetwork(), 43, 2, Map.of("seed", "43")))
        .isNotEqualTo(weights(Samples.residualNetwork(), 43, 2, Map.of("seed", "42")));
  }

  @Test
  void nothingInTheModelTellsWhereItWasTrained() throws IOException {
    Path one = train(Samples.residualNetwork(), 43, 1, Map.of());
    Path other = train(Samples.residualNetwork(), 43, 4, Map.of("timeout", "29"));
    for (String file :
        new String[] {"network.json", "preprocessing.json", "classes.json", "provenance.json"}) {
      assertThat(other.resolve(file)).hasSameTextualContentAs(one.resolve(file));
    }
    try (var files = Files.list(one)) {
      assertThat(files).hasSize(5);
    }
  }

  private byte[] weights(NetworkSpec network, int images, int workers, Map<String, String> settings)
      throws IOException {
    return Files.readAllBytes(
        train(network, images, workers, settings).resolve("weights.safetensors"));
  }

  private Path train(NetworkSpec network, int images, int workers, Map<String, String> settings)
      throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.put("workers", String.valueOf(workers));
    Path output = Files.createTempDirectory(folder, "run").resolve("model");
    Path data = Samples.mnist(folder.resolve("data" + images), images);
    Trainings.train(LocalSpark.session(), network, data, Trainings.config(all), output);
    return output;
  }
}
