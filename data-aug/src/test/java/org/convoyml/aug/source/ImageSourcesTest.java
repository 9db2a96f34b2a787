package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ImageSourcesTest {
  @TempDir private Path directory;

  @Test
  void nothingThere(SparkSession spark) {
    Path path = directory.resolve("nowhere");

    assertThatThrownBy(() -> ImageSources.open(spark, path.toString()))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(path + ": expected a file or folder of images, found nothing");
  }

  @Test
  void aKindThatIsNotSupportedListsThoseThatAre(SparkSession spark) throws IOException {
    Path path = Files.writeString(directory.resolve("images.txt"), "path,label");

    assertThatThrownBy(() -> ImageSources.open(spark, path.toString()))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(path + ": expected a folder with a folder of images for each class")
        .hasMessageContaining(".tar.gz")
        .hasMessageContaining("IDX")
        .hasMessageContaining(".bin")
        .hasMessageContaining(".parquet")
        .hasMessageContaining(".csv")
        .hasMessageEndingWith("found none of these");
  }

  @Test
  void anUnknownFileSystem(SparkSession spark) {
    assertThatThrownBy(() -> ImageSources.open(spark, "nosuch://host/images"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("nosuch://host/images: cannot be read: ")
        .hasMessageContaining("nosuch");
  }

  @Test
  void aFileSystemWhoseLibraryIsMissing(SparkSession spark) {
    assertThatThrownBy(() -> ImageSources.open(spark, "s3a://bucket/images"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("s3a://bucket/images: cannot be read: ")
        .hasMessageContaining("S3AFileSystem");
  }

  @Test
  void noPath(SparkSession spark) {
    assertThatThrownBy(() -> ImageSources.open(spark, ""))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("'': expected a path");
  }

  @Test
  void anUriMeansTheSameAsAPath(SparkSession spark) throws IOException {
    Path path = IdxFiles.pair(directory);

    List<Row> rows =
        ImageSources.open(spark, path.toUri().toString()).rows().select("id").collectAsList();

    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            ImageSources.open(spark, path.toString()).rows().select("id").collectAsList());
  }

  @Test
  void aDatasetHasTheColumnsOfImages(SparkSession spark) {
    assertThatThrownBy(() -> new ImageDataset(spark.range(3).toDF(), List.of("cat")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected the columns struct<id:bigint,origin:string");
  }
}
