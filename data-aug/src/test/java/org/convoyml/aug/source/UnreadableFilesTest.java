package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.image.UnreadableImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class UnreadableFilesTest {
  @TempDir private Path directory;

  @Test
  void aFileThatMayNotBeReadIsAReasonInItsPlace(SparkSession spark) throws IOException {
    Path dog = TestImages.solid(directory.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    TestImages.solid(directory.resolve("cat/secret.png"), 4, 4, 1, 2, 3);
    GuardedFileSystem.register(spark);

    List<Row> rows = Datasets.sorted(ImageSources.open(spark, "guarded://" + directory));

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).getLong(0)).isEqualTo(ImageIds.of("cat/secret.png"));
    assertThat(rows.get(0).getInt(2)).isZero();
    assertThat(UnreadableImage.reason(rows.get(0).getAs(3)))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .startsWith("cannot be read: Permission denied: user=me, access=READ"));
    assertThat(rows.get(1).<byte[]>getAs(3)).isEqualTo(Files.readAllBytes(dog));
  }

  @Test
  void aFileThatVanishedIsAReasonInItsPlace(SparkSession spark) {
    HadoopFile folder = HadoopFile.existing(spark, directory.toString());

    byte[] content = FileContent.read(folder.child("gone.png"));

    assertThat(UnreadableImage.reason(content))
        .hasValueSatisfying(
            reason -> assertThat(reason).startsWith("cannot be read: ").contains("gone.png"));
  }

  @Test
  void aFaultThatPassesCostsAnAttemptOfTheTask(SparkSession spark) throws IOException {
    Path dog = TestImages.solid(directory.resolve("dog/flaky.png"), 4, 4, 1, 2, 3);
    GuardedFileSystem.register(spark);

    List<Row> rows = Datasets.sorted(ImageSources.open(spark, "guarded://" + directory));

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).<byte[]>getAs(3)).isEqualTo(Files.readAllBytes(dog));
  }

  @Test
  void aFaultThatStaysIsAReasonInItsPlaceInTheEnd(SparkSession spark) throws IOException {
    TestImages.solid(directory.resolve("cat/failing.png"), 4, 4, 1, 2, 3);
    TestImages.solid(directory.resolve("cat/failing too.png"), 4, 4, 1, 2, 3);
    TestImages.solid(directory.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    GuardedFileSystem.register(spark);
    Path manifest =
        Files.write(
            directory.resolve("images.csv"), List.of("cat/failing.png,cat", "dog/1.png,dog"));

    for (String data : List.of("guarded://" + directory, "guarded://" + manifest)) {
      List<Row> rows = Datasets.sorted(ImageSources.open(spark, data));

      assertThat(rows).hasSize(data.endsWith("csv") ? 2 : 3);
      assertThat(UnreadableImage.reason(rows.get(0).getAs(3)))
          .hasValue("cannot be read: Connection reset by peer");
      assertThat(UnreadableImage.reason(rows.get(rows.size() - 1).getAs(3))).isEmpty();
    }
  }

  @Test
  void sparkTriesAsOftenAsItsMasterSays() {
    assertThat(attempts("local")).isEqualTo(1);
    assertThat(attempts("local[*]")).isEqualTo(1);
    assertThat(attempts("local[2]")).isEqualTo(1);
    assertThat(attempts("local[*, 3]")).isEqualTo(3);
    assertThat(attempts("local-cluster[2,1,1024]")).isEqualTo(4);
    assertThat(attempts("spark://host:7077")).isEqualTo(4);
    assertThat(
            Attempts.most(
                new SparkConf(false)
                    .set("spark.master", "yarn")
                    .set("spark.task.maxFailures", "9")))
        .isEqualTo(9);
  }

  private static int attempts(String master) {
    return Attempts.most(new SparkConf(false).set("spark.master", master));
  }

  @Test
  void anImageThatIsALinkToNothingIsAReasonInItsPlace(SparkSession spark) throws IOException {
    TestImages.solid(directory.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    Files.createDirectory(directory.resolve("cat"));
    Files.createSymbolicLink(directory.resolve("cat/2.png"), directory.resolve("gone.png"));
    Files.createSymbolicLink(directory.resolve("cat/round.png"), Path.of("round.png"));
    Files.createSymbolicLink(directory.resolve("cat/3.png"), directory.resolve("dog/1.png"));
    Files.createSymbolicLink(directory.resolve("cat/_hidden.png"), directory.resolve("gone.png"));
    Files.createSymbolicLink(directory.resolve("cat/notes.txt"), directory.resolve("gone.txt"));

    ImageDataset dataset = ImageSources.open(spark, directory.toString());

    assertThat(dataset.classes()).containsExactly("cat", "dog");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows)
        .extracting(row -> row.getString(1))
        .containsExactly(
            directory + "/cat/2.png",
            directory + "/cat/3.png",
            directory + "/cat/round.png",
            directory + "/dog/1.png");
    assertThat(rows)
        .extracting(row -> UnreadableImage.reason(row.getAs(3)).isPresent())
        .containsExactly(true, false, true, false);
    assertThat(rows.get(0).getLong(0)).isEqualTo(ImageIds.of("cat/2.png"));
  }

  @Test
  void aLinkToNothingThatMayHaveBeenAClassIsAnError(SparkSession spark) throws IOException {
    TestImages.solid(directory.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    Files.createSymbolicLink(
        directory.resolve("001.Black_footed_Albatross"), directory.resolve("gone"));

    Datasets.assertOpeningFails(
        spark,
        directory,
        "file:"
            + directory
            + "/001.Black_footed_Albatross: expected a file or folder, found a link that leads"
            + " nowhere");
  }

  @Test
  void foldersThatLinkToThemselvesAreAnError(SparkSession spark) throws IOException {
    TestImages.solid(directory.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    Files.createSymbolicLink(directory.resolve("dog/again"), directory.resolve("dog"));

    Datasets.assertOpeningFails(
        spark, directory, directory + ": expected at most 32 folders in each other, found file:");
  }
}
