package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.convoyml.nn.ConvoyException;

/**
 * Parquet: what {@link PackedImages} wrote, with the identities, places and classes that images had
 * before; or any other table with a column of images and one of labels, such as Hugging Face's
 * {@code datasets} writes.
 *
 * @param path of a file or a directory
 * @param options where the schema leaves a choice
 */
public record ParquetSource(String path, SourceOptions options) implements ImageSource {
  /** Rows that Spark decodes together. With its 4,096 a task would hold as many images at once. */
  private static final int BATCH = 32;

  private static final String FILE = "_metadata.file_path";
  private static final String ROW = "_metadata.row_index";

  @Override
  public ImageDataset open(SparkSession spark) {
    HadoopFile file = HadoopFile.existing(spark, path);
    Dataset<Row> table = table(spark, file);
    if (file.status().isDirectory()) {
      PackedImages.checkComplete(
          path, Stream.of(table.inputFiles()).map(name -> new Path(name).getName()).toList());
    }
    Optional<ImageDataset> packed = PackedImages.read(table);
    if (packed.isPresent() && options.equals(SourceOptions.NONE)) {
      return packed.get();
    }
    ImageColumns columns = ImageColumns.find(path, table.schema(), options, false);
    String label = columns.label().orElseThrow().name();
    Column place = place(file);
    String prefix = path.endsWith("/") ? path : path + "/";
    UDF1<String, String> shown = where -> prefix + where;
    UDF1<String, Long> id = ImageIds::of;
    Column origin = udf(shown, DataTypes.StringType).apply(place);
    Optional<List<String>> names =
        NominalLabels.names(columns.label().get()).or(() -> huggingFaceNames(table, file, label));
    LabelColumn labels = LabelColumn.of(path, table, columns.label().get(), origin, names);
    return new ImageDataset(
        table.select(
            udf(id, DataTypes.LongType).apply(place).as("id"),
            origin.as("origin"),
            labels.labels().as("label"),
            ImageContent.of(columns.image()).as("content")),
        labels.classes());
  }

  /** With a session of its own, since there is no other way to set the size of batches. */
  private static Dataset<Row> table(SparkSession spark, HadoopFile file) {
    SparkSession session = spark.cloneSession();
    session.conf().set("spark.sql.parquet.columnarReaderBatchSize", BATCH);
    try {
      return session
          .read()
          .option(HadoopFile.PATTERNS, false)
          .parquet(file.status().getPath().toString());
      // Scala throws checked exceptions that Java's signatures do not mention.
    } catch (Exception e) {
      if (e instanceof SparkException || e instanceof AnalysisException) {
        Throwable root = e;
        while (root.getCause() != null) {
          root = root.getCause();
        }
        throw new ConvoyException(
            "%s: expected Parquet files: %s"
                .formatted(
                    file.path(), String.valueOf(root.getMessage()).lines().findFirst().orElse("")),
            e);
      }
      throw e;
    }
  }

  /** Where an image is: the file's path below the directory, and the number of the row in it. */
  private static Column place(HadoopFile file) {
    Path root = file.status().getPath();
    String prefix = (file.status().isDirectory() ? root : root.getParent()).toUri().getPath();
    UDF2<String, Long, String> place =
        (path, row) -> {
          String below = URI.create(path).getPath().substring(prefix.length());
          return "%s/%08d".formatted(below.startsWith("/") ? below.substring(1) : below, row);
        };
    return udf(place, DataTypes.StringType).apply(col(FILE), col(ROW));
  }

  private static Optional<List<String>> huggingFaceNames(
      Dataset<Row> table, HadoopFile file, String label) {
    String[] files = table.inputFiles();
    return files.length == 0
        ? Optional.empty()
        : HuggingFaceNames.of(new Path(URI.create(files[0])), file.configuration().value(), label);
  }
}
