package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Tanh;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void itHoldsWhenImagesAreMixed() throws IOException {
    Map<String, String> mixed =
        Map.of("augment", "rotate(10), mixup(0.4, p=0.5), cutmix(1, p=0.5)");
    byte[] one = weights(Samples.residualNetwork(), IMAGES, 1, mixed);
    for (int workers : new int[] {2, 4, 8}) {
      assertThat(weights(Samples.residualNetwork(), IMAGES, workers, mixed))
          .as("%d workers", workers)
          .isEqualTo(one);
    }
    assertThat(weights(Samples.residualNetwork(), IMAGES, 2, Map.of("augment", "rotate(10)")))
        .as("mixing changes something")
        .isNotEqualTo(one);
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

  /**
   * Norms of everything, an average, and dropout, whose masks must not depend on who draws them.
   */
  @ParameterizedTest
  @CsvSource({
    "'adamw', 0.01, f32",
    "'lars', 0.0001, f32",
    "'sgd(nesterov)', 0.0005, bf16",
    "'rmsprop(momentum=0.9)', 0, f32"
  })
  void itHoldsWithEveryOptimizer(String optimizer, String weightDecay, String precision)
      throws IOException {
    NetworkSpec network =
        NetworkSpec.builder("dropping", Shape.of(1, 28, 28))
            .add("conv", Conv2d.of(8, 5).withStride(2))
            .add("norm", BatchNorm.standard())
            .add("relu", new Relu())
            .add("flatten", new Flatten())
            .add("drop", new Dropout(0.3f))
            .add("hidden", Dense.of(60))
            .add("tanh", new Tanh())
            .add("last", Dense.of(10))
            .classify("class")
            .build();
    Map<String, String> settings = new HashMap<>();
    settings.put("optimizer", optimizer);
    settings.put("weight-decay", weightDecay);
    settings.put("precision", precision);
    settings.put("clip-norm", "0.5");
    settings.put("ema", "0.9");
    settings.put("learning-rate", "0.003");
    settings.put("warmup", "0.5");
    settings.put("schedule", "plateau(0.5, 0)");
    settings.put("epochs", "3");
    byte[] one = weights(network, IMAGES, 1, settings);
    for (int workers : new int[] {2, 5, 8}) {
      assertThat(weights(network, IMAGES, workers, settings))
          .as("%d workers", workers)
          .isEqualTo(one);
    }
    settings.put("ema", "0");
    assertThat(weights(network, IMAGES, 2, settings))
        .as("the average is not the last weights")
        .isNotEqualTo(one);
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

  /** Most partitions of the data set are empty, as after a filter. */
  @Test
  void itHoldsHoweverTheDataSetIsPartitioned() throws IOException {
    byte[] one = partitioned(1, 1);
    assertThat(partitioned(60, 1)).isEqualTo(one);
    assertThat(partitioned(60, 3)).isEqualTo(one);
  }

  private byte[] partitioned(int partitions, int workers) throws IOException {
    ImageDataset digits =
        ImageSources.open(
            LocalSpark.session(), Samples.mnist(folder.resolve("data"), 21).toString());
    ImageDataset dataset =
        new ImageDataset(digits.rows().repartition(partitions), digits.classes());
    assertThat(dataset.rows().javaRDD().getNumPartitions()).isEqualTo(partitions);
    Path output = Files.createTempDirectory(folder, "run").resolve("model");
    Trainings.train(
        LocalSpark.session(),
        Samples.residualNetwork(),
        dataset,
        Trainings.config(Map.of("workers", String.valueOf(workers))),
        output);
    return Files.readAllBytes(output.resolve("weights.safetensors"));
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
