package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.data.Offset;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.model.ModelDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ParameterAveragingTest {
  /** Neither a multiple of the batch size nor of the lanes: some micro-batches are smaller. */
  private static final int IMAGES = 101;

  private static final NetworkSpec NETWORK = Samples.residualNetwork();

  @TempDir private Path folder;
  private int trainings;

  @Test
  void anyNumberOfWorkersGivesTheSameWeights() throws IOException {
    Map<String, String> settings =
        Map.of("averaging-frequency", "3", "optimizer", "adam", "ema", "0.9", "clip-norm", "1");
    byte[] one = bytes(train(IMAGES, with(settings, 1)));
    for (int workers : new int[] {2, 3, 8}) {
      assertThat(bytes(train(IMAGES, with(settings, workers))))
          .as("%d workers", workers)
          .isEqualTo(one);
    }
  }

  /**
   * Of parameters that were the same before, the mean after one step of gradient descent is a step
   * along the mean gradient. Batch norm's statistics are averaged in both.
   */
  @Test
  void afterEveryStepItIsTheSameAsAveragingGradients() {
    float[] parameters = vector(train(IMAGES, with(Map.of("averaging-frequency", "1"), 2)));
    float[] gradients = vector(train(IMAGES, Map.of("sync", "gradients", "workers", "2")));
    for (int i = 0; i < parameters.length; i++) {
      assertThat(parameters[i]).as("element %d", i).isCloseTo(gradients[i], Offset.offset(1e-4f));
    }
  }

  @Test
  void theFrequencyMatters() throws IOException {
    assertThat(bytes(train(IMAGES, with(Map.of("averaging-frequency", "2"), 2))))
        .isNotEqualTo(bytes(train(IMAGES, with(Map.of("averaging-frequency", "4"), 2))));
  }

  /** A mean of equal floats, weighted by 12 and 13 examples, need not be equal. */
  @Test
  void whatIsFrozenStaysAsItWas() {
    NetworkSpec frozen = NETWORK.withFrozen(NETWORK.layers().get(0).name()::equals);
    ParameterSlice slice =
        ParameterLayout.of(frozen).slices().stream()
            .filter(ParameterSlice::frozen)
            .findFirst()
            .orElseThrow();
    Path output = folder.resolve("frozen");
    Trainings.train(
        LocalSpark.session(),
        frozen,
        Samples.mnist(folder.resolve("digits" + IMAGES), IMAGES),
        Trainings.config(with(Map.of("averaging-frequency", "2", "weight-decay", "0.1"), 2)),
        output);
    float[] before = ParameterInitializer.initialize(ParameterLayout.of(frozen), 42);
    float[] after = vector(output);
    assertThat(Arrays.copyOfRange(after, slice.offset(), slice.end()))
        .isEqualTo(Arrays.copyOfRange(before, slice.offset(), slice.end()));
    assertThat(after).isNotEqualTo(before);
  }

  /** Lanes that have no image in a step count as nothing. */
  @Test
  void moreLanesThanImagesGiveTheSameWeightsToo() throws IOException {
    Map<String, String> settings = Map.of("averaging-frequency", "2");
    assertThat(bytes(train(5, with(settings, 8)))).isEqualTo(bytes(train(5, with(settings, 1))));
  }

  private static Map<String, String> with(Map<String, String> settings, int workers) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("sync", "parameters");
    all.put("workers", String.valueOf(workers));
    return all;
  }

  private Path train(int images, Map<String, String> settings) {
    Path output = folder.resolve("model" + trainings++);
    Trainings.train(
        LocalSpark.session(),
        NETWORK,
        Samples.mnist(folder.resolve("digits" + images), images),
        Trainings.config(settings),
        output);
    return output;
  }

  private static byte[] bytes(Path model) throws IOException {
    return Files.readAllBytes(model.resolve("weights.safetensors"));
  }

  private static float[] vector(Path model) {
    return ModelDirectory.readWeights(
        new Configuration(false), model.toString(), ParameterLayout.of(NETWORK));
  }
}
