package org.convoyml.spark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.train.Trainings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetImporterTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @Test
  void aModelTrainedOnThePackedImagesIsTheSameToTheByte() throws IOException {
    Path data = Samples.mnist(folder.resolve("digits"), 100);
    Path packed = folder.resolve("packed");
    ImportSummary summary = run(open(data), packed, new ImportJob.Count(3));

    Path model = train(data, "model");
    Path other = train(packed, "other");

    assertThat(other.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(model.resolve("weights.safetensors"));
    assertThat(other.resolve("classes.json"))
        .hasSameTextualContentAs(model.resolve("classes.json"));
    JsonNode provenance = JSON.readTree(Files.readString(other.resolve("provenance.json")));
    assertThat(provenance)
        .isEqualTo(JSON.readTree(Files.readString(model.resolve("provenance.json"))));
    assertThat(provenance.get("fingerprint").asText()).isEqualTo(summary.fingerprint());
  }

  @Test
  void imagesAreSortedAndEvenlySpreadOverFiles() throws IOException {
    ImageDataset digits = open(Samples.mnist(folder.resolve("digits"), 400));
    Path packed = folder.resolve("packed");

    ImportSummary summary = run(digits, packed, new ImportJob.Count(4));

    assertThat(summary.images()).isEqualTo(400);
    assertThat(summary.files()).isEqualTo(4);
    assertThat(summary.unreadable()).isZero();
    assertThat(names(packed))
        .containsExactly(
            "_dataset.json",
            "images-00000-of-00004.parquet",
            "images-00001-of-00004.parquet",
            "images-00002-of-00004.parquet",
            "images-00003-of-00004.parquet");
    JsonNode described = JSON.readTree(Files.readString(packed.resolve("_dataset.json")));
    assertThat(described.get("images").asInt()).isEqualTo(400);
    assertThat(described.get("classes")).hasSize(10);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < 4; i++) {
      List<Row> rows =
          LocalSpark.session()
              .read()
              .parquet(packed.resolve("images-0000%d-of-00004.parquet".formatted(i)).toString())
              .collectAsList();
      assertThat(rows).hasSizeBetween(75, 125);
      for (Row row : rows) {
        assertThat(row.getLong(0)).isGreaterThan(last);
        last = row.getLong(0);
      }
    }
  }

  @Test
  void theSizeOfFilesIsKeptToAndPartitioningDoesNotMatter() throws IOException {
    ImageDataset digits = open(Samples.mnist(folder.resolve("digits"), 400));
    ImageDataset other = new ImageDataset(digits.rows().repartition(13), digits.classes());
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    // 400 × 797 bytes are 319 kB: four files of 80 kB.
    ImportJob.Size size = new ImportJob.Size(100_000);

    assertThat(run(digits, one, size).files()).isEqualTo(4);
    assertThat(run(other, two, size).files()).isEqualTo(4);

    for (String name : names(one)) {
      assertThat(two.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
    }
    assertThat(run(digits, folder.resolve("all"), new ImportJob.Size(1 << 20)).files()).isOne();
  }

  @Test
  void moreFilesThanImagesAreNotWritten() throws IOException {
    Path packed = folder.resolve("packed");

    ImportSummary summary =
        run(open(Samples.mnist(folder.resolve("digits"), 3)), packed, new ImportJob.Count(64));

    // Spark writes the first file though it may be empty, and no other empty one.
    assertThat(summary.files()).isBetween(1, 4);
    assertThat(open(packed).rows().count()).isEqualTo(3);
  }

  @Test
  void aFileThatIsMissingIsNoticed() throws IOException {
    Path packed = folder.resolve("packed");
    run(open(Samples.mnist(folder.resolve("digits"), 100)), packed, new ImportJob.Count(4));
    Files.delete(packed.resolve("images-00002-of-00004.parquet"));

    assertThatThrownBy(() -> open(packed))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(packed + ": expected 4 files, since there is a images-0000")
        .hasMessageEndingWith("found 3");
  }

  @Test
  void imagesThatCannotBeReadAreCountedAndKept() throws IOException {
    Path manifest = folder.resolve("images.csv");
    Files.writeString(manifest, "gone.png,cat\nlost.png,dog\n");

    Path packed = folder.resolve("packed");
    assertThat(run(open(manifest), packed, new ImportJob.Count(1)).unreadable()).isEqualTo(2);

    assertThat(open(packed).classes()).containsExactly("cat", "dog");
    assertThat(open(packed).rows().collectAsList())
        .extracting(row -> new String(row.<byte[]>getAs(3), StandardCharsets.UTF_8))
        .allSatisfy(text -> assertThat(text).contains("cannot be read"));
  }

  @Test
  void onlyADataSetIsReplacedAndAFailureLeavesIt() throws IOException {
    ImageDataset digits = open(Samples.mnist(folder.resolve("digits"), 20));
    Path packed = folder.resolve("packed");
    run(digits, packed, new ImportJob.Count(1));

    assertThatThrownBy(() -> run(digits, packed, new ImportJob.Count(2)))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(packed + ": already exists (--overwrite replaces a data set)");
    ImageDataset twice = new ImageDataset(digits.rows().union(digits.rows()), digits.classes());
    assertThatThrownBy(() -> overwrite(twice, packed))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("have the same path within the data set");
    assertThat(names(packed)).hasSize(2);
    overwrite(digits, packed);
    assertThat(names(packed)).hasSize(3);
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("digits", "packed");
    }

    Path model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("network.json"), "{}");
    assertThatThrownBy(() -> overwrite(digits, model))
        .hasMessage(model + ": expected a data set directory to overwrite, found something else");
  }

  @Test
  void filesArePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImportJob.Count(0))
        .withMessage("the number of files must be positive, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImportJob.Size(0))
        .withMessage("the size of files must be positive, got 0");
  }

  private static ImageDataset open(Path data) {
    return ImageSources.open(LocalSpark.session(), data.toString());
  }

  private static ImportSummary run(ImageDataset dataset, Path output, ImportJob.FileCut files) {
    return new DatasetImporter(LocalSpark.session())
        .run(new ImportJob(dataset, "digits", output.toString(), false, files));
  }

  private static void overwrite(ImageDataset dataset, Path output) {
    new DatasetImporter(LocalSpark.session())
        .run(new ImportJob(dataset, "digits", output.toString(), true, new ImportJob.Count(2)));
  }

  private Path train(Path data, String name) {
    Path model = folder.resolve(name);
    Trainings.train(
        LocalSpark.session(),
        Samples.residualNetwork(),
        data,
        Trainings.config(Map.of("augment", "rotate(10)", "workers", "2")),
        model);
    return model;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
