package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.TestImages;
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
    List<Row> rows = Datasets.sorted(dataset);
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

    List<List<Object>> expected = Datasets.identities(ImageSources.open(spark, train.toString()));

    assertThat(expected).hasSize(4);
    for (Path other : List.of(train.getParent(), tar, packed, nameless)) {
      ImageDataset dataset = ImageSources.open(spark, other.toString());
      assertThat(dataset.classes()).as("%s", other).containsExactly("a", "cät", "dog");
      assertThat(Datasets.identities(dataset)).as("%s", other).isEqualTo(expected);
    }
  }

  @Test
  void aTarSaysWhereAnImageIs(SparkSession spark) throws IOException {
    Path tar = Tars.pack(train, directory.resolve("set.tar"));
    ImageDataset dataset = ImageSources.open(spark, tar.toString());

    assertThat(Datasets.sorted(dataset).get(0).getString(1)).isEqualTo(tar + "!train/a/b/c/1.Png");
    assertThat(dataset.rows().rdd().getNumPartitions()).isBetween(2, 4);
  }

  @Test
  void aTarIsReadInPartsThatTogetherAreTheWhole(SparkSession spark) throws IOException {
    // Long names have headers of their own, which belong to the part of the image behind them.
    for (int i = 0; i < 40; i++) {
      TestImages.solid(
          train.resolve("dog/" + "very ".repeat(i % 3 * 20) + "long/" + i + ".png"),
          4,
          i + 1,
          i,
          2,
          3);
    }
    HadoopFile tar =
        HadoopFile.existing(spark, Tars.pack(train, directory.resolve("set.tar")).toString());

    for (long partBytes : List.of(1L, 3000L, 20_000L, 1L << 30)) {
      TarIndex index = TarIndex.of(spark, tar, partBytes);
      List<String> names = new ArrayList<>();
      for (int part = 0; part < index.starts().size(); part++) {
        boolean last = part == index.starts().size() - 1;
        long end = last ? Long.MAX_VALUE : index.starts().get(part + 1);
        try (TarImages images = TarImages.open(tar, index.starts().get(part), end)) {
          while (images.next()) {
            names.add(images.name());
            Path file = train.getParent().resolve(images.name());
            assertThat(images.content()).isEqualTo(Files.readAllBytes(file));
          }
        }
      }
      assertThat(names).hasSize(44).doesNotHaveDuplicates();
      assertThat(index.starts().size() > 1).isEqualTo(partBytes < 1L << 30);
    }
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

    Datasets.assertOpeningFails(
        spark, dog, dog + ": expected every image in a class folder, found 50% grey.JPG outside");
  }

  @Test
  void aFolderWithoutImages(SparkSession spark) {
    Path empty = train.resolve("empty");

    Datasets.assertOpeningFails(
        spark,
        empty,
        empty + ": expected images (.jpg, .jpeg, .png, .bmp, .webp) in class folders, found none");
  }

  @Test
  void aTarWithoutImages(SparkSession spark) throws IOException {
    Path tar = Tars.pack(train.resolve("empty"), directory.resolve("set.tar"));

    Datasets.assertOpeningFails(
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

      Datasets.assertOpeningFails(
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

    Datasets.assertOpeningFails(spark, tar, tar + ": expected more, the file is cut off");
  }

  @Test
  void noTarAtAll(SparkSession spark) throws IOException {
    byte[] bytes = new byte[4096];
    Arrays.fill(bytes, 0, 2048, (byte) 'x');
    Path tar = Files.write(directory.resolve("set.tar"), bytes);

    Datasets.assertOpeningFails(spark, tar, tar + ": cannot be read: ");
  }

  @Test
  void anEmptyTar(SparkSession spark) throws IOException {
    Path tar = Files.createFile(directory.resolve("set.tar"));

    Datasets.assertOpeningFails(spark, tar, tar + ": ");
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

    Datasets.assertOpeningFails(
        spark,
        path,
        path + "!cat/1.png: expected an image, found a link: pack what links point to");
  }
}
