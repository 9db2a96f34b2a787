package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.TestImages;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalSpark.class)
class IdxSourceTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"'',''", ".gz,.gz", "'',.gz", ".gz,''"})
  void readsImagesAndLabelsPackedOrNot(String imagesEnd, String labelsEnd, SparkSession spark)
      throws IOException {
    byte[] images = IdxFiles.images(10, 3, 5);
    byte[] labels = IdxFiles.labels(10);
    Path path = directory.resolve(IMAGES + imagesEnd);
    Files.write(path, imagesEnd.isEmpty() ? images : IdxFiles.gzip(images));
    Files.write(
        directory.resolve(LABELS + labelsEnd),
        labelsEnd.isEmpty() ? labels : IdxFiles.gzip(labels));

    ImageDataset dataset = ImageSources.open(spark, path.toString());

    assertThat(dataset.classes()).containsExactly("0", "1", "2");
    assertThat(dataset.rows().schema()).isEqualTo(ImageDataset.SCHEMA);
    assertThat(dataset.rows().rdd().getNumPartitions()).isEqualTo(4);
    List<Row> rows = dataset.rows().orderBy("origin").collectAsList();
    assertThat(rows).hasSize(10);
    for (int i = 0; i < 10; i++) {
      Row row = rows.get(i);
      byte[] pixels = new byte[15];
      Arrays.fill(pixels, (byte) i);
      assertThat(row.getLong(0)).isEqualTo(ImageIds.of(IMAGES + "/0000000" + i));
      assertThat(row.getString(1)).isEqualTo(path + "#" + i);
      assertThat(row.getInt(2)).isEqualTo(i % 3);
      assertThat(row.<byte[]>getAs(3)).isEqualTo(TestImages.pgm(3, 5, pixels));
    }
  }

  @Test
  void isReadAgainAfterPartOfItWasUsed(SparkSession spark) throws IOException {
    ImageDataset dataset = ImageSources.open(spark, IdxFiles.pair(directory).toString());

    assertThat(dataset.rows().limit(2).collectAsList()).hasSize(2);
    assertThat(dataset.rows().count()).isEqualTo(10);
  }

  @Test
  void acceptsTheDotOfSomeMirrors(SparkSession spark) throws IOException {
    Files.write(directory.resolve("t10k-labels.idx1-ubyte"), IdxFiles.labels(4));
    Path dotted = directory.resolve("t10k-images.idx3-ubyte");
    Files.write(dotted, IdxFiles.images(4, 2, 2));

    assertThat(ImageSources.open(spark, dotted.toString()).rows().count()).isEqualTo(4);
  }

  @Test
  void removedBeforeItIsRead(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    ImageDataset dataset = ImageSources.open(spark, path.toString());
    Files.delete(path);

    assertTaskFails(dataset, path + ": cannot be read: ");
  }

  @Test
  void wrongMagicNumber(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);

    assertFails(
        spark,
        path.resolveSibling(LABELS),
        "expected an IDX file with magic number 0x00000803, found 0x00000801");
  }

  @Test
  void shorterThanItsHeader(SparkSession spark) throws IOException {
    Path path = Files.write(directory.resolve(IMAGES), new byte[] {0, 0, 8, 3});

    assertFails(spark, path, "expected an IDX file with a header of 16 bytes, found 4 bytes");
  }

  @Test
  void cutOff(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    Files.write(path, Arrays.copyOf(Files.readAllBytes(path), 100));

    assertFails(spark, path, "expected 166 bytes for 10 records of 15, found 100");
  }

  @Test
  void cutOffBeforeItWasPacked(SparkSession spark) throws IOException {
    IdxFiles.pair(directory);
    Path path = directory.resolve(IMAGES + ".gz");
    Files.write(path, IdxFiles.gzip(Arrays.copyOf(IdxFiles.images(10, 3, 5), 100)));
    ImageDataset dataset = ImageSources.open(spark, path.toString());

    assertTaskFails(dataset, path + ": expected 166 bytes for 10 records of 15, found 100");
  }

  @Test
  void cutOffAfterItWasPacked(SparkSession spark) throws IOException {
    IdxFiles.pair(directory);
    byte[] packed = IdxFiles.gzip(IdxFiles.images(10, 3, 5));
    Path path = directory.resolve(IMAGES + ".gz");
    Files.write(path, Arrays.copyOf(packed, packed.length - 6));
    ImageDataset dataset = ImageSources.open(spark, path.toString());

    assertTaskFails(dataset, path + ": expected more, the file is cut off");
  }

  @Test
  void damagedAfterItWasPacked(SparkSession spark) throws IOException {
    IdxFiles.pair(directory);
    byte[] packed = IdxFiles.gzip(IdxFiles.images(10, 3, 5));
    packed[packed.length - 7] ^= 1;
    Path path = Files.write(directory.resolve(IMAGES + ".gz"), packed);
    ImageDataset dataset = ImageSources.open(spark, path.toString());

    assertTaskFails(dataset, path + ": cannot be read: ");
  }

  @Test
  void notGzipInside(SparkSession spark) throws IOException {
    byte[] bad = new byte[64];
    bad[0] = 0x1F;
    bad[1] = (byte) 0x8B;
    Path path = Files.write(directory.resolve(IMAGES + ".gz"), bad);

    assertFails(spark, path, "cannot be read: ");
  }

  @Test
  void moreThanItsHeaderSays(SparkSession spark) throws IOException {
    byte[] images = IdxFiles.images(10, 3, 5);
    Path path = IdxFiles.pair(directory);
    Files.write(path, Arrays.copyOf(images, images.length + 1));

    assertFails(spark, path, "expected 166 bytes for 10 records of 15, found 167");

    Path packed = directory.resolve(IMAGES + ".gz");
    Files.write(packed, IdxFiles.gzip(Arrays.copyOf(images, images.length + 1)));
    assertTaskFails(
        ImageSources.open(spark, packed.toString()), packed + ": expected 166 bytes, found more");
  }

  @Test
  void absurdSizes(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    byte[] images = Files.readAllBytes(path);
    Arrays.fill(images, 8, 16, (byte) 0x7F);
    Files.write(path, images);

    assertFails(spark, path, "expected positive sizes in the header, found [10, ");
  }

  @Test
  void noImages(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    Files.write(path, IdxFiles.images(0, 3, 5));

    assertFails(spark, path, "expected images, found none");
  }

  @Test
  void anotherNumberOfLabels(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    Path labels = Files.write(path.resolveSibling(LABELS), IdxFiles.labels(9));

    assertThatThrownBy(() -> ImageSources.open(spark, path.toString()))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(labels + ": expected 10 labels, one for each image of " + path + ", found 9");
  }

  @Test
  void labelsCutOff(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    Files.delete(path.resolveSibling(LABELS));
    Path labels = path.resolveSibling(LABELS + ".gz");
    Files.write(labels, IdxFiles.gzip(Arrays.copyOf(IdxFiles.labels(10), 12)));

    assertThatThrownBy(() -> ImageSources.open(spark, path.toString()))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(labels + ": expected 18 bytes for 10 records of 1, found 12");
  }

  @Test
  void noLabels(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);
    Files.delete(path.resolveSibling(LABELS));

    assertFails(
        spark,
        path,
        "expected its labels beside it in " + LABELS + " or " + LABELS + ".gz, found neither");
  }

  @Test
  void aNameThatDoesNotTellTheLabels(SparkSession spark) throws IOException {
    Path path = Files.write(directory.resolve("pixels"), IdxFiles.images(1, 2, 2));

    assertFails(spark, path, "expected a name with 'images-idx3'");
  }

  private static void assertFails(SparkSession spark, Path path, String message) {
    assertThatThrownBy(() -> ImageSources.open(spark, path.toString()))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(path + ": " + message)
        .message()
        .doesNotContain("\n");
  }

  /** The task's exception has the one line. */
  private static void assertTaskFails(ImageDataset dataset, String message) {
    assertThatThrownBy(() -> Failures.unwrapped(() -> dataset.rows().collectAsList()))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
  }
}
