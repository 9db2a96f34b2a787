package org.convoyml.spark.train;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever fails ends at once with its reason, leaves nothing, and lets Spark go on. */
@Timeout(120)
class TrainingFailureTest {
  private static final NetworkSpec NETWORK = Samples.residualNetwork();

  @TempDir private Path folder;
  private SparkSession session;
  private ImageDataset digits;
  private Path outputs;
  private Set<Integer> keptBefore;

  @BeforeEach
  void open() throws Exception {
    session = LocalSpark.session();
    digits = ImageSources.open(session, Samples.mnist(folder.resolve("digits"), 43).toString());
    outputs = Files.createDirectory(folder.resolve("outputs"));
    keptBefore = keptImages();
  }

  @AfterEach
  void nothingIsLeftAndTrainingWorksAfterwards() {
    assertThat(outputs).isEmptyDirectory();
    // Of this test's trainings.
    assertThat(keptImages()).isSubsetOf(keptBefore);
    assertThat(session.sparkContext().statusTracker().getActiveStageIds()).isEmpty();
    Trainings.awaitNoThreads();
    Trainings.train(
        session, NETWORK, digits, config(Map.of("epochs", "1")), outputs.resolve("next"));
    assertThat(outputs.resolve("next/weights.safetensors")).exists();
  }

  private Set<Integer> keptImages() {
    return Set.copyOf(
        JavaSparkContext.fromSparkContext(session.sparkContext()).getPersistentRDDs().keySet());
  }

  @ParameterizedTest
  @CsvSource({"onednn, f32", "onednn, bf16", "reference, f32"})
  void aLearningRateThatIsTooHighSaysAtWhichStep(String engine, String precision) {
    fails(
        digits,
        Map.of("learning-rate", "1e20", "engine", engine, "precision", precision),
        "epoch \\d+, step \\d+: (the loss|a weight) is \\S+ at learning rate [^ ,]+,"
            + " (first in layer|in) \\S+: try a lower one");
  }

  @Test
  void tooManyCorruptImagesAreNamed() {
    fails(
        withImage("bad.png", new byte[] {1, 2, 3}),
        Map.of(),
        "digits: 1 of \\d+ images are corrupt \\(.*%\\), more than --max-corrupt 0\\.01 allows: 1 ×"
            + " expected a JPEG, .* \\(bad\\.png\\)");
  }

  @Test
  void twoImagesOfTheSameIdAreBothNamed() {
    ImageDataset twice = new ImageDataset(digits.rows().union(digits.rows()), digits.classes());
    fails(twice, Map.of(), "(.*#\\d+) and \\1 have the same path within the data set, or .*");
  }

  @Test
  void noImagesAreAnError() {
    ImageDataset none = new ImageDataset(digits.rows().limit(0), digits.classes());
    fails(none, Map.of(), "digits: expected images, found none");
  }

  @Test
  void aDataSetOfOtherClassesIsRefused() {
    ImageDataset two = new ImageDataset(digits.rows(), List.of("cat", "dog"));
    fails(
        two, Map.of(), "digits: the network tells 10 classes apart, the data set has 2: cat, dog");
  }

  @Test
  void anUnknownEngineIsNamed() {
    fails(digits, Map.of("engine", "steam"), "no engine is named 'steam', there are .*");
  }

  /** Not one of ours: the exception is that of Spark, with all that is known. */
  @Test
  void anUnexpectedFailureIsNotHidden() {
    ImageDataset wrong =
        new ImageDataset(digits.rows().withColumn("label", lit(10)), digits.classes());
    assertThatThrownBy(() -> train(wrong, Map.of()))
        .isNotInstanceOf(ConvoyException.class)
        .hasMessageContaining("label");
  }

  private void fails(ImageDataset dataset, Map<String, String> settings, String message) {
    assertThatThrownBy(() -> train(dataset, settings))
        .isInstanceOf(ConvoyException.class)
        .message()
        .matches(message);
  }

  private void train(ImageDataset dataset, Map<String, String> settings) {
    Trainings.train(session, NETWORK, dataset, config(settings), outputs.resolve("model"));
  }

  private static TrainingConfig config(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("workers", "3");
    return Trainings.config(all);
  }

  private ImageDataset withImage(String origin, byte[] content) {
    Dataset<Row> one =
        session.createDataFrame(
            List.of(RowFactory.create(12345L, origin, 3, content)), ImageDataset.SCHEMA);
    return new ImageDataset(digits.rows().union(one), digits.classes());
  }
}
