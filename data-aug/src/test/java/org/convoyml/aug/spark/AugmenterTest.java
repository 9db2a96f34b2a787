package org.convoyml.aug.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.image.UnreadableImage;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.LocalSpark;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class AugmenterTest {
  private static final int SIDE = 12;
  private static final int IMAGES = 7;
  private static final StructType WITH_ANOTHER_COLUMN =
      new StructType()
          .add("quality", DataTypes.DoubleType)
          .add("content", DataTypes.BinaryType)
          .add("id", DataTypes.LongType)
          .add("origin", DataTypes.StringType);

  @TempDir private Path directory;

  @Test
  void everyImageIsFollowedByItsVariants(SparkSession spark) {
    List<Row> rows = augmenter().transform(images(spark, 1)).collectAsList();
    assertThat(rows).hasSize(3 * IMAGES);
    assertThat(rows.stream().map(row -> row.getLong(0)).distinct()).hasSize(3 * IMAGES);
    assertThat(rows.subList(0, 4).stream().map(row -> row.getString(1)))
        .containsExactly("image 0", "image 0#augmented-1", "image 0#augmented-2", "image 1");
    assertThat(rows.stream().map(row -> row.getInt(2)).limit(6))
        .as("labels")
        .containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(rows.get(0).<byte[]>getAs(3)).isEqualTo(image(0));
    assertThat(rows.get(1).<byte[]>getAs(3)).isNotEqualTo(rows.get(2).<byte[]>getAs(3));
  }

  @Test
  void originalsCanBeLeftOut(SparkSession spark) {
    Dataset<Row> rows =
        augmenter().setIncludeOriginal(false).setCopies(1).transform(images(spark, 1));
    assertThat(rows.collectAsList().stream().map(row -> row.getString(1)))
        .hasSize(IMAGES)
        .allMatch(origin -> origin.endsWith("#augmented-1"));
  }

  @Test
  void partitioningChangesNothing(SparkSession spark) {
    assertThat(sorted(augmenter().transform(images(spark, 4))))
        .isEqualTo(sorted(augmenter().transform(images(spark, 1))));
  }

  /** Copy c has the pixels that training would see in epoch c. */
  @Test
  void variantsAreThoseOfTraining(SparkSession spark) {
    Preprocessing preprocessing = new Preprocessing(1, SIDE, SIDE, List.of(0f), List.of(1f));
    List<Row> rows = augmenter().setSeed(3).transform(images(spark, 1)).collectAsList();
    try (ImagePipeline training =
            new ImagePipeline(preprocessing, AugmentationPolicy.parse(augmenter().getPolicy()));
        ImagePipeline plain = new ImagePipeline(preprocessing, AugmentationPolicy.NONE)) {
      for (int copy = 1; copy <= 2; copy++) {
        float[] expected = new float[SIDE * SIDE];
        float[] actual = new float[SIDE * SIDE];
        training.apply(100, "image", image(0), 3, copy - 1, expected, 0);
        plain.apply(0, "variant", rows.get(copy).<byte[]>getAs(3), 0, 0, actual, 0);
        assertThat(actual).isEqualTo(expected);
      }
    }
  }

  @Test
  void otherColumnsAreKept(SparkSession spark) {
    Row row = RowFactory.create(0.5, image(1), 7L, "a");
    List<Row> rows =
        augmenter()
            .setCopies(1)
            .transform(spark.createDataFrame(List.of(row), WITH_ANOTHER_COLUMN))
            .collectAsList();
    assertThat(rows.get(0)).isEqualTo(row);
    assertThat(rows.get(1).getDouble(0)).isEqualTo(0.5);
    assertThat(rows.get(1).getString(3)).isEqualTo("a#augmented-1");
  }

  @Test
  void variantsCanBeJpegs(SparkSession spark) {
    byte[] jpeg =
        augmenter()
            .setFormat("jpeg")
            .setQuality(30)
            .transform(images(spark, 1))
            .collectAsList()
            .get(1)
            .getAs(3);
    assertThat(jpeg).startsWith(0xFF, 0xD8);
  }

  @Test
  void savedAndLoadedItDoesTheSame(SparkSession spark) throws IOException {
    Augmenter augmenter = augmenter().setSeed(5).setCopies(3).setFormat("jpeg").setQuality(80);
    augmenter.save(directory.resolve("augmenter").toString());
    Augmenter loaded = Augmenter.load(directory.resolve("augmenter").toString());
    assertThat(loaded.uid()).isEqualTo(augmenter.uid());
    assertThat(loaded.explainParams()).isEqualTo(augmenter.explainParams());
    assertThat(loaded.explainParams())
        .contains("policy: how images are varied", "current: rotate(20), translate(0.1))")
        .contains("copies: variants of each image (at least 1) (default: 1, current: 3)");
    assertThat(sorted(loaded.transform(images(spark, 2))))
        .isEqualTo(sorted(augmenter.transform(images(spark, 2))));
  }

  @Test
  void itIsAStageOfAPipeline(SparkSession spark) throws IOException {
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {augmenter()});
    PipelineModel model = pipeline.fit(images(spark, 1));
    model.save(directory.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(directory.resolve("pipeline").toString());
    assertThat(sorted(loaded.transform(images(spark, 1))))
        .isEqualTo(sorted(augmenter().transform(images(spark, 1))));
  }

  @Test
  void aCopyHasItsOwnParameters() {
    Augmenter augmenter = augmenter();
    Augmenter copy = augmenter.copy(new ParamMap().put(augmenter.copies().w(9)));
    assertThat(copy.getCopies()).isEqualTo(9);
    assertThat(copy.getPolicy()).isEqualTo(augmenter.getPolicy());
    assertThat(augmenter.getCopies()).isEqualTo(2);
  }

  @Test
  void anImageThatCannotBeDecodedFailsNothing(SparkSession spark) {
    Row row =
        RowFactory.create(
            7L, "cat.jpg", 0, "<html>not found</html>".getBytes(StandardCharsets.US_ASCII));
    List<Row> rows =
        augmenter()
            .transform(spark.createDataFrame(List.of(row), ImageDataset.SCHEMA))
            .collectAsList();
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0)).isEqualTo(row);
    assertThat(UnreadableImage.reason(rows.get(1).getAs(3)))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("expected a"));
  }

  @Test
  void whatMixesMicroBatchesIsRejectedByName() {
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> new Augmenter().setPolicy("rotate(10), mixup(0.2)"))
        .withMessageContaining("mixup mixes the images of a micro-batch");
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> new Augmenter().setPolicy("cutmix(alpha=2, p=0.5)"))
        .withMessageContaining("cutmix(2, p=0.5) mixes the images of a micro-batch");
  }

  @Test
  void aWrongPolicyIsRejectedHoweverItCame(SparkSession spark) {
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> new Augmenter().setPolicy("rotate(10), swirl(3)"))
        .withMessageContaining("column 13")
        .withMessageContaining("'swirl'");
    Augmenter augmenter = augmenter();
    augmenter.set("policy", "swirl");
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> augmenter.transform(images(spark, 1)))
        .withMessageContaining("'swirl'");
  }

  @Test
  void wrongParametersAreRejected() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Augmenter().setCopies(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Augmenter().setQuality(101));
    assertThatIllegalArgumentException().isThrownBy(() -> new Augmenter().setFormat("gif"));
  }

  @Test
  void aMissingColumnIsNamed() {
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(
            () -> augmenter().transformSchema(new StructType().add("id", DataTypes.LongType)))
        .withMessage("expected a column origin of type string, found struct<id:bigint>");
  }

  private static Augmenter augmenter() {
    return new Augmenter().setPolicy("rotate(20), translate(0.1)").setCopies(2);
  }

  private static List<String> sorted(Dataset<Row> rows) {
    List<Row> all = new ArrayList<>(rows.collectAsList());
    all.sort(Comparator.comparingLong(row -> row.getLong(0)));
    return all.stream()
        .map(
            row ->
                row.getLong(0) + row.getString(1) + java.util.Arrays.toString(row.<byte[]>getAs(3)))
        .toList();
  }

  private static Dataset<Row> images(SparkSession spark, int partitions) {
    List<Row> rows =
        IntStream.range(0, IMAGES)
            .mapToObj(i -> RowFactory.create(100L + i, "image " + i, i, image(i)))
            .toList();
    return spark.createDataFrame(rows, ImageDataset.SCHEMA).coalesce(1).repartition(partitions);
  }

  private static byte[] image(int number) {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * (number + 3));
    }
    return TestImages.pgm(SIDE, SIDE, pixels);
  }
}
