package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.image.UnreadableImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class FrameSourceTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeImages() throws IOException {
    TestImages.solid(directory.resolve("cat/a b.png"), 2, 3, 1, 2, 3);
    TestImages.write(directory.resolve("dog/50% grey.png"), 1, 2, 1, new byte[] {7, 8});
    byte[] pixels = {10, 20, 30, 40, 50, 60};
    TestImages.write(directory.resolve("dog/two.png"), 1, 2, 3, pixels);
  }

  @Test
  void sparksBinaryFilesAreTheSameAsTheFolder(SparkSession spark) {
    ImageDataset dataset = ImageSources.fromDataFrame(binaryFiles(spark));

    assertThat(dataset.classes()).containsExactly("cat", "dog");
    assertThat(Datasets.identities(dataset))
        .hasSize(3)
        .isEqualTo(Datasets.identities(ImageSources.open(spark, directory.toString())));
  }

  @Test
  void sparksImagesBecomePgmAndPpm(SparkSession spark) throws IOException {
    Files.writeString(directory.resolve("dog/broken.png"), "meow");
    ImageDataset dataset =
        ImageSources.fromDataFrame(
            spark
                .read()
                .format("image")
                .option("recursiveFileLookup", true)
                .load(directory.toString()));

    assertThat(dataset.classes()).containsExactly("cat", "dog");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows)
        .extracting(row -> row.getString(1).replaceFirst("^file:/*", "/"))
        .containsExactly(
            directory + "/cat/a b.png",
            directory + "/dog/50% grey.png",
            directory + "/dog/broken.png",
            directory + "/dog/two.png");
    assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(0, 1, 1, 1);
    assertThat(rows)
        .extracting(row -> row.getLong(0))
        .containsExactly(
            ImageIds.of("cat/a b.png"),
            ImageIds.of("dog/50% grey.png"),
            ImageIds.of("dog/broken.png"),
            ImageIds.of("dog/two.png"));
    assertThat(content(rows.get(1))).isEqualTo(pnm("P5\n2 1\n255\n", 7, 8));
    assertThat(content(rows.get(3))).isEqualTo(pnm("P6\n2 1\n255\n", 10, 20, 30, 40, 50, 60));
    assertThat(UnreadableImage.reason(content(rows.get(2))))
        .contains("expected 8-bit pixels of 1, 3 or 4 channels, found OpenCV mode -1, -1 channels");
  }

  @Test
  void opacityIsLeftOut(SparkSession spark) {
    Dataset<Row> frame =
        spark.sql(
            "select named_struct('origin', 'file:///d/cat/1.png', 'height', 1, 'width', 2,"
                + " 'nChannels', 4, 'mode', 24, 'data', X'0102030405060708') as image");

    List<Row> rows = Datasets.sorted(ImageSources.fromDataFrame(frame));

    assertThat(content(rows.get(0))).isEqualTo(pnm("P6\n2 1\n255\n", 3, 2, 1, 7, 6, 5));
  }

  @Test
  void pixelsThatDoNotFillTheImageAreUnreadable(SparkSession spark) {
    Dataset<Row> frame =
        spark.sql(
            "select named_struct('origin', 'file:///d/cat/1.png', 'height', 2, 'width', 2,"
                + " 'nChannels', 1, 'mode', 0, 'data', X'010203') as image");

    List<Row> rows = Datasets.sorted(ImageSources.fromDataFrame(frame));

    assertThat(UnreadableImage.reason(content(rows.get(0))))
        .contains("expected 2×2 pixels of 1 channels, found 3 bytes");
  }

  @Test
  void aColumnOfLabelsComesBeforeFolders(SparkSession spark) {
    Dataset<Row> labelled = binaryFiles(spark).withColumn("label", lit("pet"));

    ImageDataset dataset = ImageSources.fromDataFrame(labelled);

    assertThat(dataset.classes()).containsExactly("pet");
    assertThat(dataset.rows().select("id").distinct().count()).isEqualTo(3);
  }

  @Test
  void identitiesCanBeAColumn(SparkSession spark) {
    Dataset<Row> frame =
        spark.range(3).select(col("id"), lit(new byte[] {1}).as("png"), lit(2.0).as("target"));

    ImageDataset dataset = ImageSources.fromDataFrame(frame);

    assertThat(dataset.classes()).containsExactly("0", "1", "2");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(0L, 1L, 2L);
    assertThat(rows).extracting(row -> row.getInt(2)).containsOnly(2);
  }

  @Test
  void imagesThatNothingTellsApart(SparkSession spark) {
    Dataset<Row> frame = spark.range(3).select(lit(new byte[] {1}).as("png"), col("id").as("n"));

    Datasets.assertFails(
        () -> ImageSources.fromDataFrame(frame),
        "the DataFrame: expected a column that tells images apart, texts named path, origin,"
            + " filename, file_name or numbers (bigint) named id, there are: png binary, n bigint");
  }

  @Test
  void huggingFacesStructHasThePath(SparkSession spark) {
    Dataset<Row> frame =
        binaryFiles(spark)
            .select(
                struct(col("content").as("bytes"), col("path")).as("image"),
                lit("pet").as("animal"));

    ImageDataset dataset =
        ImageSources.fromDataFrame(
            frame, new SourceOptions(Optional.of("image"), Optional.of("animal")));

    assertThat(Datasets.sorted(dataset).get(0).getLong(0)).isEqualTo(ImageIds.of("cat/a b.png"));
  }

  private Dataset<Row> binaryFiles(SparkSession spark) {
    return spark
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", true)
        .load(directory.toString());
  }

  private static byte[] content(Row row) {
    return row.getAs(3);
  }

  private static byte[] pnm(String header, int... values) {
    byte[] start = header.getBytes(StandardCharsets.US_ASCII);
    byte[] content = Arrays.copyOf(start, start.length + values.length);
    for (int i = 0; i < values.length; i++) {
      content[start.length + i] = (byte) values[i];
    }
    return content;
  }
}
