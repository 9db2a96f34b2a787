package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.TestImages;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class FolderAndTarTest {
  @TempDir private Path directory;
  private Path train;

  @BeforeEach
  void writeImages() throws IOException {
    train = directory.resolve("_my [data] {1}").resolve("train");
    TestImages.solid(train.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    TestImages.solid(train.resolve("dog/of my aunt/50% grey.JPG"), 4, 4, 9, 9, 9);
    TestImages.solid(train.resolve("cät/1.jpeg"), 4, 4, 4, 5, 6);
    TestImages.solid(train.resolve("cät/._1.png"), 4, 4, 4, 5, 6);
    TestImages.solid(train.resolve("a/b/c/1.Png"), 4, 4, 7, 8, 9);
    TestImages.solid(train.resolve("dog/_old/1.png"), 4, 4, 4, 5, 6);
    Files.writeString(train.resolve("dog/notes.txt"), "good boy");
    Files.createDirectories(train.resolve("empty"));
  }

  @Test
  void readsAFolder(SparkSession spark) throws IOException {
    ImageDataset dataset = ImageSources.open(spark, train.toString());

    assertThat(dataset.classes()).containsExactly("a", "cät", "dog");
    List<Row> rows = sorted(dataset);
    assertThat(rows)
        .extracting(row -> row.getString(1))
        .containsExactly(
            train + "/a/b/c/1.Png",
            train + "/cät/1.jpeg",
            train + "/dog/1.png",
            train + "/dog/of my aunt/50% grey.JPG");
    assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(0, 1, 2, 2);
    assertThat(rows)
        .extracting(row -> row.getLong(0))
        .containsExactly(
            ImageIds.of("a/b/c/1.Png"),
            ImageIds.of("cät/1.jpeg"),
            ImageIds.of("dog/1.png"),
            ImageIds.of("dog/of my aunt/50% grey.JPG"));
    for (Row row : rows) {
      assertThat(row.<byte[]>getAs(3)).isEqualTo(Files.readAllBytes(Path.of(row.getString(1))));
    }
  }

  @Test
  void theFolderAroundAndATarGiveTheSameIdsLabelsAndContents(SparkSession spark)
      throws IOException {
    Path tar = Tars.pack(train, directory.resolve("set.tar"));
    Path packed = directory.resolve("set.tgz");
    Files.write(packed, IdxFiles.gzip(Files.readAllBytes(tar)));
    Path nameless = Files.copy(tar, directory.resolve("set"));

    List<List<Object>> expected = identities(ImageSources.open(spark, train.toString()));

    assertThat(expected).hasSize(4);
    for (Path other : List.of(train.getParent(), tar, packed, nameless)) {
      ImageDataset dataset = ImageSources.open(spark, other.toString());
      assertThat(dataset.classes()).as("%s", other).containsExactly("a", "cät", "dog");
      assertThat(identities(dataset)).as("%s", other).isEqualTo(expected);
    }
  }

  @Test
  void aTarSaysWhereAnImageIs(SparkSession spark) throws IOException {
    Path tar = Tars.pack(train, directory.resolve("set.tar"));
    ImageDataset dataset = ImageSources.open(spark, tar.toString());

    assertThat(sorted(dataset).get(0).getString(1)).isEqualTo(tar + "!train/a/b/c/1.Png");
    assertThat(dataset.rows().rdd().getNumPartitions()).isEqualTo(4);
  }

  @Test
  void askingForIdsReadsNoContent(SparkSession spark) {
    Dataset<Row> ids = ImageSources.open(spark, train.toString()).rows().select("id", "label");

    assertThat(ids.queryExecution().executedPlan().toString())
        .contains("path")
        .doesNotContain("content");
  }

  @Test
  void aFolderOfImagesWithoutClasses(SparkSession spark) {
    Path dog = train.resolve("dog/of my aunt");

    assertFails(
        spark, dog, dog + ": expected every image in a class folder, found 50% grey.JPG outside");
  }

  @Test
  void aFolderWithoutImages(SparkSession spark) {
    Path empty = train.resolve("empty");

    assertFails(
        spark,
        empty,
        empty + ": expected images (.jpg, .jpeg, .png, .bmp, .webp) in class folders, found none");
  }

  @Test
  void aTarWithoutImages(SparkSession spark) throws IOException {
    Path tar = Tars.pack(train.resolve("empty"), directory.resolve("set.tar"));

    assertFails(
        spark,
        tar,
        tar + ": expected images (.jpg, .jpeg, .png, .bmp, .webp) in class folders, found none");
  }

  @Test
  void aTarCutOffAnywhere(SparkSession spark) throws IOException {
    byte[] whole = Files.readAllBytes(Tars.pack(train, directory.resolve("whole.tar")));
    Path tar = directory.resolve("set.tar");
    for (int length : List.of(1, 1536, 1600, 4000)) {
      Files.write(tar, Arrays.copyOf(whole, length));

      assertFails(
          spark,
          tar,
          tar
              + ": expected a tar file, which ends with empty blocks, found "
              + length
              + " bytes that do not: cut off?");
    }
  }

  @Test
  void aPackedTarCutOff(SparkSession spark) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Tars.pack(train, bytes);
    byte[] whole = IdxFiles.gzip(bytes.toByteArray());
    Path tar = directory.resolve("set.tar.gz");
    Files.write(tar, Arrays.copyOf(whole, whole.length / 2));

    assertFails(spark, tar, tar + ": expected more, the file is cut off");
  }

  @Test
  void noTarAtAll(SparkSession spark) throws IOException {
    byte[] bytes = new byte[4096];
    Arrays.fill(bytes, 0, 2048, (byte) 'x');
    Path tar = Files.write(directory.resolve("set.tar"), bytes);

    assertFails(spark, tar, tar + ": cannot be read: ");
  }

  @Test
  void anEmptyTar(SparkSession spark) throws IOException {
    Path tar = Files.createFile(directory.resolve("set.tar"));

    assertFails(spark, tar, tar + ": ");
  }

  @Test
  void linksHaveNoContent(SparkSession spark) throws IOException {
    Path path = directory.resolve("set.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path))) {
      TarArchiveEntry link = new TarArchiveEntry("cat/1.png", TarConstants.LF_SYMLINK);
      link.setLinkName("../store/1.png");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }

    assertFails(
        spark,
        path,
        path + "!cat/1.png: expected an image, found a link: pack what links point to");
  }

  private static List<Row> sorted(ImageDataset dataset) {
    return dataset.rows().orderBy("origin").collectAsList();
  }

  private static List<List<Object>> identities(ImageDataset dataset) {
    return dataset.rows().orderBy("id").collectAsList().stream()
        .map(
            row ->
                List.<Object>of(
                    row.getLong(0), row.getInt(2), Arrays.hashCode(row.<byte[]>getAs(3))))
        .toList();
  }

  private static void assertFails(SparkSession spark, Path path, String message) {
    assertThatThrownBy(() -> ImageSources.open(spark, path.toString()))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
  }
}
