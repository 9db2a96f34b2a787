package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void foldersThatLinkToThemselvesAreAnError(SparkSession spark) throws IOException {
    TestImages.solid(directory.resolve("dog/1.png"), 4, 4, 1, 2, 3);
    Files.createSymbolicLink(directory.resolve("dog/again"), directory.resolve("dog"));

    Datasets.assertOpeningFails(
        spark, directory, directory + ": expected at most 32 folders in each other, found file:");
  }
}
