package org.convoyml.spark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.data.ImageLimits;
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
    assertThat(summary.corrupt()).isZero();
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
  void corruptImagesArePackedAsTheyAreAndListed() throws IOException {
    Path data = FaultyImages.digits(folder.resolve("digits"), 40);
    FaultyImages.addFaults(data);
    Path packed = folder.resolve("packed");

    ImportSummary summary =
        run(open(data), packed, new ImportJob.Count(2), new ImageLimits(50_000_000, 0.12));

    assertThat(summary.images()).isEqualTo(45);
    assertThat(summary.corrupt()).isEqualTo(5);
    assertThat(Files.readAllLines(packed.resolve("_quarantine.csv")))
        .hasSize(6)
        .startsWith("id,origin,reason")
        .anyMatch(line -> line.contains(data + "/1/empty.jpg,") && line.contains("an empty file"));
    JsonNode described = JSON.readTree(Files.readString(packed.resolve("_dataset.json")));
    assertThat(described.get("corrupt").asInt()).isEqualTo(5);
    assertThat(described.has("quarantine")).isFalse();
    assertThat(contents(open(packed))).isEqualTo(contents(open(data))).hasSize(45);
  }

  @Test
  void theLimitOfPixelsDecidesWhatIsCorrupt() {
    ImageDataset digits = open(Samples.mnist(folder.resolve("digits"), 20));

    assertThat(
            run(
                    digits,
                    folder.resolve("packed"),
                    new ImportJob.Count(1),
                    new ImageLimits(28 * 28, 0))
                .corrupt())
        .isZero();
    assertThatThrownBy(
            () ->
                run(
                    digits,
                    folder.resolve("other"),
                    new ImportJob.Count(1),
                    new ImageLimits(28 * 28 - 1, 0.5)))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("digits: 20 of 20 images are corrupt (100%), more than")
        .hasMessageContaining("expected at most 783 pixels, found 28×28");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  private static List<List<Object>> contents(ImageDataset dataset) {
    return dataset.rows().orderBy("id").collectAsList().stream()
        .map(row -> List.<Object>of(row.getLong(0), Arrays.hashCode(row.<byte[]>getAs(3))))
        .toList();
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
    return run(dataset, output, files, ImageLimits.DEFAULT);
  }

  private static ImportSummary run(
      ImageDataset dataset, Path output, ImportJob.FileCut files, ImageLimits limits) {
    return new DatasetImporter(LocalSpark.session())
        .run(new ImportJob(dataset, "digits", output.toString(), false, files, limits));
  }

  private static void overwrite(ImageDataset dataset, Path output) {
    new DatasetImporter(LocalSpark.session())
        .run(
            new ImportJob(
                dataset,
                "digits",
                output.toString(),
                true,
                new ImportJob.Count(2),
                ImageLimits.DEFAULT));
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
