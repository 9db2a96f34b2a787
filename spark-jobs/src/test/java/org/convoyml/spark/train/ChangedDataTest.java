package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A data set that changes after its images were counted. They are kept, so that this shows only
 * when executors are lost and with them what they kept: then images are read again.
 */
@Timeout(120)
class ChangedDataTest {
  private static final int IMAGES = 43;

  /** Whether the data set has changed; tasks of a local session see it too. */
  private static volatile boolean changed;

  @TempDir private Path folder;

  /** What becomes of an image. */
  private interface Change extends Serializable {
    List<Row> of(Row image);
  }

  @Test
  void anImageThatIsGoneIsMissing() {
    refused(
        IMAGES,
        first -> List.of(),
        "42 trained, 0 quarantined, 0 duplicates, 1 missing, not the same images");
  }

  /**
   * The last of its partition then takes the number of the first of the next; also where all
   * micro-batches are full.
   */
  @ParameterizedTest
  @ValueSource(ints = {IMAGES, 64})
  void anImageMoreIsADuplicate(int images) {
    refused(
        images,
        first -> List.of(first, with(first, first.getLong(0) + 1, first.getInt(2))),
        images + " trained, 0 quarantined, 1 duplicates, 0 missing, not the same images");
  }

  /** Its number is none of those that are dealt out. */
  @Test
  void anImageBehindTheLastIsOneTooMany() {
    Path output = folder.resolve("model");
    Change more = last -> List.of(last, with(last, last.getLong(0) + 1, last.getInt(2)));
    assertThatThrownBy(() -> train(changing(digits(), "max(id)", more), "0.1", output))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith(
            ": there were 43 images, and this is one more, so the data set has changed meanwhile");
    assertThat(output).doesNotExist();
  }

  @Test
  void anotherLabelIsAnotherImage() {
    refused(
        IMAGES,
        first -> List.of(with(first, first.getLong(0), (first.getInt(2) + 1) % 10)),
        "43 trained, 0 quarantined, 0 duplicates, 0 missing, not the same images");
  }

  @Test
  void imagesThatAreTheSameWhenReadAgainGiveTheSameWeights() throws IOException {
    Path kept = folder.resolve("kept");
    Trainings.train(LocalSpark.session(), Samples.residualNetwork(), digits(), config("0.1"), kept);
    Path again = folder.resolve("again");
    train(changing(digits(), "min(id)", List::of), "0.1", again);
    assertThat(Files.readAllBytes(again.resolve("weights.safetensors")))
        .isEqualTo(Files.readAllBytes(kept.resolve("weights.safetensors")));
  }

  @Test
  void tooManyThatAreGoneEndTheRound() {
    Path output = folder.resolve("model");
    ImageDataset fewer = changing(digits(), "min(id)", first -> List.of());
    assertThatThrownBy(() -> train(fewer, "0.01", output))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(
            "epoch 1: more images are missing than --max-corrupt allows to be corrupt, so the data"
                + " set has changed meanwhile: 43 images in, ")
        .hasMessageEndingWith(" trained, 0 quarantined when it stopped");
    assertThat(output).doesNotExist();
  }

  private void refused(int images, Change ofTheFirst, String found) {
    Path output = folder.resolve("model");
    ImageDataset digits = changing(digits(images), "min(id)", ofTheFirst);
    // One image more or less is within the limit of corrupt ones.
    assertThatThrownBy(() -> train(digits, "0.1", output))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "epoch 1: the ledger does not balance, so the data set has changed meanwhile: %d images in, %s"
                .formatted(images, found));
    assertThat(output).doesNotExist();
  }

  private void train(ImageDataset digits, String maxCorrupt, Path output) {
    changed = false;
    TrainingListener changing =
        new TrainingListener() {
          @Override
          public void planned(TrainingPlan plan) {
            changed = true;
            forgetWhatIsKept();
          }
        };
    new LaneTrainer(LocalSpark.session())
        .train(
            Trainings.job(Samples.residualNetwork(), digits, config(maxCorrupt), output, false),
            changing);
  }

  private static TrainingConfig config(String maxCorrupt) {
    return Trainings.config(Map.of("workers", "2", "max-corrupt", maxCorrupt));
  }

  private ImageDataset digits() {
    return digits(IMAGES);
  }

  private ImageDataset digits(int images) {
    Path data = Samples.mnist(folder.resolve("digits"), images);
    return ImageSources.open(LocalSpark.session(), data.toString());
  }

  /** Changes the image whose id is {@code which}, an expression over all. */
  private static ImageDataset changing(ImageDataset dataset, String which, Change change) {
    SparkSession session = LocalSpark.session();
    long id = dataset.rows().selectExpr(which).head().getLong(0);
    JavaRDD<Row> rows =
        dataset
            .rows()
            .repartition(3)
            .javaRDD()
            .flatMap(
                row ->
                    (changed && row.getLong(0) == id ? change.of(row) : List.of(row)).iterator());
    return new ImageDataset(session.createDataFrame(rows, ImageDataset.SCHEMA), dataset.classes());
  }

  private static Row with(Row row, long id, int label) {
    return RowFactory.create(id, row.get(1), label, row.get(3));
  }

  /** As if the executors had been lost that hold the images, and what these were sorted by. */
  private static void forgetWhatIsKept() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    assertThat(spark.getPersistentRDDs()).isNotEmpty();
    spark
        .getPersistentRDDs()
        .values()
        .forEach(
            images -> {
              images.unpersist(true);
              images.rdd().cleanShuffleDependencies(true);
            });
  }
}
