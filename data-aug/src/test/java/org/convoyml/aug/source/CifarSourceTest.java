package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class CifarSourceTest {
  private static final int PLANE = 32 * 32;

  @TempDir private Path directory;

  @Test
  void cifar10IsADirectoryOfBatches(SparkSession spark) throws IOException {
    Files.writeString(directory.resolve("batches.meta.txt"), "cat\nant\n\n");
    write("data_batch_1.bin", 5, 1);
    write("data_batch_2.bin", 3, 1);
    write("test_batch.bin", 2, 1);

    ImageDataset dataset = ImageSources.open(spark, directory.toString());

    assertThat(dataset.classes()).containsExactly("ant", "cat");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows)
        .extracting(row -> row.getString(1).substring(directory.toString().length()))
        .containsExactly(
            "/data_batch_1.bin#0",
            "/data_batch_1.bin#1",
            "/data_batch_1.bin#2",
            "/data_batch_1.bin#3",
            "/data_batch_1.bin#4",
            "/data_batch_2.bin#0",
            "/data_batch_2.bin#1",
            "/data_batch_2.bin#2");
    // The file's labels are 0, 1, 0 and so on, of cat and ant; ours are in the order of names.
    assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(1, 0, 1, 0, 1, 1, 0, 1);
    assertThat(rows.get(6).getLong(0)).isEqualTo(ImageIds.of("data_batch_2.bin/00000001"));
    for (int i = 0; i < 5; i++) {
      assertThat(rows.get(i).<byte[]>getAs(3)).isEqualTo(ppm(i));
    }
    assertThat(dataset.rows().rdd().getNumPartitions()).isBetween(4, 6);
  }

  @Test
  void oneFileIsADataSetToo(SparkSession spark) throws IOException {
    Files.writeString(directory.resolve("batches.meta.txt"), "cat\nant");
    Path file = write("test_batch.bin", 2, 1);

    List<Row> rows = Datasets.sorted(ImageSources.open(spark, file.toString()));

    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).getLong(0)).isEqualTo(ImageIds.of("test_batch.bin/00000001"));
  }

  @Test
  void cifar100HasFineLabels(SparkSession spark) throws IOException {
    Files.writeString(directory.resolve("fine_label_names.txt"), "apple\nbear\n");
    Files.writeString(directory.resolve("coarse_label_names.txt"), "fruit\nlarge_carnivores\n");
    write("train.bin", 4, 2);

    ImageDataset dataset = ImageSources.open(spark, directory.toString());

    assertThat(dataset.classes()).containsExactly("apple", "bear");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(0, 1, 0, 1);
    assertThat(rows.get(3).<byte[]>getAs(3)).isEqualTo(ppm(3));
  }

  @Test
  void aFileCutOff(SparkSession spark) throws IOException {
    Files.writeString(directory.resolve("batches.meta.txt"), "cat\nant");
    Path file = write("data_batch_1.bin", 2, 1);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 6000));

    Datasets.assertOpeningFails(
        spark,
        file,
        file
            + ": expected images of 3073 bytes each, found 6000 bytes: cut off, or no CIFAR file?");
  }

  @Test
  void namesOfClassesAreMissing(SparkSession spark) throws IOException {
    Path file = write("data_batch_1.bin", 2, 1);

    Datasets.assertOpeningFails(
        spark, file, file + ": expected names of classes beside it in batches.meta.txt (CIFAR-10)");
  }

  @Test
  void aLabelWithoutAName(SparkSession spark) throws IOException {
    Files.writeString(directory.resolve("batches.meta.txt"), "cat");
    Path file = write("data_batch_1.bin", 2, 1);

    Datasets.assertReadingFails(
        spark,
        file,
        file + "#1: expected a label below 1, the number of names of classes, found 1");
  }

  /** Labels alternate between 0 and 1; the coarse one before them, if any, is 9. */
  private Path write(String name, int count, int labels) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      if (labels == 2) {
        bytes.write(9);
      }
      bytes.write(i % 2);
      for (int channel = 0; channel < 3; channel++) {
        for (int pixel = 0; pixel < PLANE; pixel++) {
          bytes.write(value(i, channel, pixel));
        }
      }
    }
    return Files.write(directory.resolve(name), bytes.toByteArray());
  }

  private static int value(int image, int channel, int pixel) {
    return (image * 31 + channel * 7 + pixel * 3) % 256;
  }

  private static byte[] ppm(int image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("P6\n32 32\n255\n".getBytes(StandardCharsets.US_ASCII));
    for (int pixel = 0; pixel < PLANE; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        bytes.write(value(image, channel, pixel));
      }
    }
    return bytes.toByteArray();
  }
}
