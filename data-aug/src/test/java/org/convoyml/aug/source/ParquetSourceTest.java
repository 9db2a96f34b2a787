package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.convoyml.aug.image.UnreadableImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ParquetSourceTest {
  @TempDir private Path directory;

  @Test
  void whatWasPackedKeepsIdentitiesOriginsAndClasses(SparkSession spark) throws IOException {
    ImageDataset digits = ImageSources.open(spark, IdxFiles.pair(directory).toString());
    Path packed = directory.resolve("packed");
    spark
        .createDataFrame(digits.rows().javaRDD(), PackedImages.schema(digits.classes()))
        .write()
        .parquet(packed.toString());

    ImageDataset dataset = ImageSources.open(spark, packed.toString());

    assertThat(dataset.classes()).isEqualTo(digits.classes());
    assertThat(Datasets.identities(dataset)).hasSize(10).isEqualTo(Datasets.identities(digits));
    assertThat(Datasets.sorted(dataset))
        .extracting(row -> row.getString(1))
        .isEqualTo(Datasets.sorted(digits).stream().map(row -> row.getString(1)).toList());
  }

  @Test
  void aTableOfAnotherToolHasItsColumnsFoundByType(SparkSession spark) {
    Path path = directory.resolve("flat files");
    flat(spark, DataTypes.StringType, "dog", "cat", "dog").coalesce(1).write().parquet(path + "");

    ImageDataset dataset = ImageSources.open(spark, path.toString());

    assertThat(dataset.classes()).containsExactly("cat", "dog");
    List<Row> rows = Datasets.sorted(dataset);
    assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(1, 0, 1);
    assertThat(rows).extracting(row -> text(row)).containsExactly("image 0", "image 1", "image 2");
    String file = part(path).getFileName().toString();
    assertThat(rows.get(2).getString(1)).isEqualTo(path + "/" + file + "/00000002");
    assertThat(rows.get(2).getLong(0)).isEqualTo(ImageIds.of(file + "/00000002"));
    // The same from the file alone, under a name that says nothing.
    assertThat(Datasets.identities(ImageSources.open(spark, part(path).toString())))
        .isEqualTo(Datasets.identities(dataset));
  }

  @Test
  void numbersWithoutNamesAreTheirOwn(SparkSession spark) {
    Path path = directory.resolve("numbers");
    flat(spark, DataTypes.LongType, 10L, 2L, 0L).coalesce(1).write().parquet(path.toString());

    ImageDataset dataset = ImageSources.open(spark, path.toString());

    assertThat(dataset.classes())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    assertThat(Datasets.sorted(dataset)).extracting(row -> row.getInt(2)).containsExactly(10, 2, 0);
  }

  @Test
  void huggingFaceNamesClassesInTheFooter(SparkSession spark) throws IOException {
    Path file = directory.resolve("_da{t,a} [1]*/train-00000-of-00001.parquet");
    huggingFace(file, "dog", "ant", "cat");

    for (Path path : List.of(file, file.getParent())) {
      ImageDataset dataset = ImageSources.open(spark, path.toString());

      assertThat(dataset.classes()).containsExactly("ant", "cat", "dog");
      List<Row> rows = Datasets.sorted(dataset);
      assertThat(rows).extracting(row -> row.getInt(2)).containsExactly(2, 0, 1);
      assertThat(rows.get(1).getLong(0))
          .isEqualTo(ImageIds.of("train-00000-of-00001.parquet/00000001"));
      assertThat(text(rows.get(0))).isEqualTo("image 0");
      assertThat(UnreadableImage.reason(rows.get(2).getAs(3)))
          .contains("expected an image, found null");
    }
  }

  @Test
  void labelsInNamesOfFolders(SparkSession spark) {
    Path path = directory.resolve("by-class");
    flat(spark, DataTypes.StringType, "dog", "cat", "dog")
        .write()
        .partitionBy("animal")
        .parquet(path.toString());

    assertThat(ImageSources.open(spark, path.toString()).classes()).containsExactly("cat", "dog");
  }

  @Test
  void severalColumnsThatMayBeLabelsHaveToBeToldApart(SparkSession spark) {
    Path path = directory.resolve("two");
    flat(spark, DataTypes.StringType, "dog", "cat")
        .withColumn("coarse", lit("pet"))
        .write()
        .parquet(path.toString());

    Datasets.assertOpeningFails(
        spark,
        path,
        path
            + ": expected one column of labels, found animal, coarse: name one; there are: picture"
            + " binary, animal string, coarse string");
    assertThat(
            ImageSources.open(
                    spark,
                    path.toString(),
                    new SourceOptions(Optional.of("picture"), Optional.of("coarse")))
                .classes())
        .containsExactly("pet");
  }

  @Test
  void columnsThatAreNotThereOrOfTheWrongType(SparkSession spark) {
    Path path = directory.resolve("table");
    flat(spark, DataTypes.StringType, "dog").write().parquet(path.toString());

    Datasets.assertFails(
        () -> open(spark, path, "photo", null),
        path + ": no column is named 'photo', there are: picture binary, animal string");
    Datasets.assertFails(
        () -> open(spark, path, "animal", null),
        path + ": expected images in column 'animal', found string");
    Datasets.assertFails(
        () -> open(spark, path, null, "picture"),
        path + ": expected labels in column 'picture', found binary");
  }

  @Test
  void aTableWithoutImages(SparkSession spark) {
    Path path = directory.resolve("table");
    spark.range(3).toDF("label").write().parquet(path.toString());

    Datasets.assertOpeningFails(
        spark,
        path,
        path
            + ": expected a column of images (binary, or a struct of bytes), there are: label"
            + " bigint");
  }

  @Test
  void labelsThatAreNoClasses(SparkSession spark) {
    Path path = directory.resolve("negative");
    flat(spark, DataTypes.IntegerType, -1, 3).coalesce(1).write().parquet(path.toString());
    Datasets.assertReadingFails(
        spark, path, path + "/" + part(path).getFileName() + "/00000000: expected a label from 0");

    Path missing = directory.resolve("missing");
    flat(spark, DataTypes.StringType, "dog", null).coalesce(1).write().parquet(missing.toString());
    Datasets.assertReadingFails(
        spark,
        missing,
        missing + "/" + part(missing).getFileName() + "/00000001: expected a label, found null");

    Path large = directory.resolve("large");
    flat(spark, DataTypes.LongType, 1L << 40).write().parquet(large.toString());
    Datasets.assertOpeningFails(
        spark, large, large + ": expected labels from 0 to at most 65535, the largest is 1.09");
  }

  @Test
  void noParquetUnderItsName(SparkSession spark) throws IOException {
    Path file = Files.writeString(directory.resolve("x.parquet"), "not at all");

    Datasets.assertOpeningFails(
        spark, file, file + ": expected Parquet files: file:" + file + " is not a Parquet file");
  }

  @Test
  void columnsAreForTablesOnly(SparkSession spark) throws IOException {
    Path images = IdxFiles.pair(directory);

    Datasets.assertFails(
        () -> open(spark, images, "picture", null),
        images + ": expected Parquet or a CSV manifest, since columns are named, found neither");
  }

  private static ImageDataset open(SparkSession spark, Path path, String image, String label) {
    return ImageSources.open(
        spark,
        path.toString(),
        new SourceOptions(Optional.ofNullable(image), Optional.ofNullable(label)));
  }

  private static Dataset<Row> flat(SparkSession spark, DataType type, Object... labels) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(RowFactory.create(("image " + i).getBytes(StandardCharsets.UTF_8), labels[i]));
    }
    return spark.createDataFrame(
        rows, new StructType().add("picture", DataTypes.BinaryType).add("animal", type));
  }

  /** A file as datasets.Dataset.to_parquet writes it; its last image is missing. */
  private static void huggingFace(Path file, String... names) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message schema { optional group image { optional binary bytes; optional binary path"
                + " (STRING); } optional int64 label; }");
    String quoted = String.join("\", \"", names);
    String features =
        "{\"info\": {\"features\": {\"image\": {\"_type\": \"Image\"}, \"label\": {\"names\": [\""
            + quoted
            + "\"], \"_type\": \"ClassLabel\"}}}}";
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withConf(new Configuration())
            .withExtraMetaData(Map.of("huggingface", features))
            .build()) {
      for (int i = 0; i < names.length; i++) {
        Group row = new SimpleGroup(schema);
        Group image = row.addGroup("image");
        if (i < names.length - 1) {
          image.add("bytes", Binary.fromString("image " + i));
        }
        image.add("path", "img.png");
        row.add("label", (long) i);
        writer.write(row);
      }
    }
  }

  private static Path part(Path directory) {
    return directory.toFile().listFiles((d, name) -> name.endsWith(".parquet"))[0].toPath();
  }

  private static String text(Row row) {
    return new String(row.<byte[]>getAs(3), StandardCharsets.UTF_8);
  }
}
