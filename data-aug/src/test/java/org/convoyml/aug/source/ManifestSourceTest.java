package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.image.UnreadableImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ManifestSourceTest {
  @TempDir private Path directory;
  private Path cat;
  private Path dog;

  @BeforeEach
  void writeImages() throws IOException {
    cat = TestImages.solid(directory.resolve("cat/1, old.png"), 4, 4, 1, 2, 3);
    dog = TestImages.solid(directory.resolve("dog/50% grey.png"), 4, 4, 4, 5, 6);
  }

  @Test
  void pathsStartAtTheManifestAndLabelsAreSorted(SparkSession spark) throws IOException {
    Path manifest = manifest("dog/50% grey.png,dög", "\"./cat/1, old.png\", \"the \"\"cat\"\"\"");

    ImageDataset dataset = ImageSources.open(spark, manifest.toString());

    assertThat(dataset.classes()).containsExactly("dög", "the \"cat\"");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows)
        .extracting(row -> row.getString(1))
        .containsExactly(directory + "/./cat/1, old.png", directory + "/dog/50% grey.png");
    assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(1, 0);
    assertThat(rows.get(0).<byte[]>getAs(3)).isEqualTo(Files.readAllBytes(cat));
    assertThat(rows.get(1).<byte[]>getAs(3)).isEqualTo(Files.readAllBytes(dog));
  }

  @Test
  void identitiesAreThoseOfTheFolderHoweverPathsAreWritten(SparkSession spark) throws IOException {
    Path manifest =
        manifest("label,width,path", "dog,4," + dog, "cat,4,\"" + cat.toUri().getPath() + "\"");

    assertThat(Datasets.identities(ImageSources.open(spark, manifest.toString())))
        .hasSize(2)
        .isEqualTo(Datasets.identities(ImageSources.open(spark, directory.toString())));
  }

  @Test
  void pathsAreNoPatterns(SparkSession spark) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("_[a] {b,c}*"));
    Path manifest = Files.move(manifest("../dog/50% grey.png,dog"), folder.resolve("m[1]?.csv"));

    List<Row> rows = Datasets.sorted(ImageSources.open(spark, manifest.toString()));

    assertThat(rows.get(0).<byte[]>getAs(3)).isEqualTo(Files.readAllBytes(dog));
  }

  @Test
  void columnsCanBeNamed(SparkSession spark) throws IOException {
    Path manifest = manifest("where,breed,label", "dog/50% grey.png,poodle,dog");
    SourceOptions options = new SourceOptions(Optional.of("where"), Optional.of("breed"));

    assertThat(ImageSources.open(spark, manifest.toString(), options).classes())
        .containsExactly("poodle");
  }

  @Test
  void aFileThatIsMissingOrImpossibleIsAReasonInItsPlace(SparkSession spark) throws IOException {
    Path manifest = manifest("cat/gone.png,cat", "nosuch://host/1.png,cat", "dog/50% grey.png,dog");

    List<Row> rows = Datasets.sorted(ImageSources.open(spark, manifest.toString()));

    assertThat(rows).hasSize(3);
    assertThat(UnreadableImage.reason(rows.get(0).getAs(3)))
        .hasValueSatisfying(
            reason -> assertThat(reason).startsWith("cannot be read: ").contains("gone.png"));
    assertThat(UnreadableImage.reason(rows.get(1).getAs(3))).isEmpty();
    assertThat(UnreadableImage.reason(rows.get(2).getAs(3)))
        .hasValueSatisfying(reason -> assertThat(reason).contains("nosuch"));
  }

  @Test
  void aCommaTooManyIsAnError(SparkSession spark) throws IOException {
    Path manifest = manifest("dog/50% grey.png,dog", "cat/1, old.png,cat");

    Datasets.assertOpeningFails(
        spark,
        manifest,
        manifest + ": expected 2 columns in every line, found: cat/1, old.png,cat");
  }

  @Test
  void aLineWithoutALabelIsAnError(SparkSession spark) throws IOException {
    Path manifest = manifest("dog/50% grey.png,dog", "cat/1.png,");

    Datasets.assertOpeningFails(
        spark,
        manifest,
        manifest + ": expected a path and a label in every line, found 'cat/1.png' and ''");
  }

  @Test
  void threeColumnsNeedAHeader(SparkSession spark) throws IOException {
    Path manifest = manifest("1,dog/50% grey.png,dog");

    Datasets.assertOpeningFails(
        spark,
        manifest,
        manifest
            + ": expected two columns, a path and a label, or a first line that names these, found:"
            + " 1, dog/50% grey.png, dog");
  }

  @Test
  void aColumnThatIsNotThere(SparkSession spark) throws IOException {
    Path manifest = manifest("path,label", "dog/50% grey.png,dog");
    SourceOptions options = new SourceOptions(Optional.empty(), Optional.of("breed"));

    Datasets.assertFails(
        () -> ImageSources.open(spark, manifest.toString(), options),
        manifest + ": no column is named 'breed', the first line has: path, label");
  }

  @Test
  void anEmptyManifest(SparkSession spark) throws IOException {
    Datasets.assertOpeningFails(
        spark, manifest(), directory + "/images.csv: expected lines of a path and a label");
    Datasets.assertOpeningFails(
        spark,
        manifest("path,label"),
        directory + "/images.csv: expected lines of a path and a label, found none");
  }

  private Path manifest(String... lines) throws IOException {
    return Files.write(directory.resolve("images.csv"), List.of(lines));
  }
}
