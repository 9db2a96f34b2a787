package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.aug.image.UnreadableImage;
import org.convoyml.nn.ConvoyException;

/**
 * A CSV file with a line for each image: its path, from the manifest's folder if it is relative,
 * and the name of its class. A first line of {@code path,label} is a header, and then other columns
 * may stand around these. Quotes are doubled within quotes (RFC 4180). An image whose file is
 * missing stays in its place as an {@link UnreadableImage}.
 *
 * @param path of the manifest
 * @param options names of the columns, if its header calls them otherwise
 */
public record ManifestSource(String path, SourceOptions options) implements ImageSource {
  private static final Set<String> PATH_NAMES = Set.of("path", "file", "filename", "image");
  private static final Set<String> LABEL_NAMES = Set.of("label", "class");
  private static final String MALFORMED = "_malformed line";
  private static final StructType ENTRY =
      new StructType()
          .add("path", DataTypes.StringType, false)
          .add("label", DataTypes.StringType, false);

  /**
   * Where in a line path and label are.
   *
   * @param columns how many a line has
   * @param header whether the first line names them
   */
  private record Layout(int path, int label, int columns, boolean header) implements Serializable {}

  @Override
  public ImageDataset open(SparkSession spark) {
    HadoopFile file = HadoopFile.existing(spark, path);
    Dataset<Row> entries = entries(spark, file, layout(spark, file));
    List<Row> counts = Failures.unwrapped(() -> entries.groupBy("label").count().collectAsList());
    List<String> classes = ClassNames.sorted(counts.stream().map(row -> row.getString(0)).toList());
    if (classes.isEmpty()) {
      throw new ConvoyException(path + ": expected lines of a path and a label, found none");
    }
    long images = counts.stream().mapToLong(row -> row.getLong(1)).sum();
    Dataset<Row> spread = entries.repartition(Partitions.forFiles(spark, images), col("path"));
    return new ImageDataset(rows(spread, file, classes), classes);
  }

  private Dataset<Row> rows(Dataset<Row> entries, HadoopFile file, List<String> classes) {
    Path folder = file.status().getPath().getParent();
    String prefix = folder.toString() + "/";
    String plainPrefix = folder.toUri().getPath() + "/";
    String shown = path.substring(0, path.lastIndexOf(file.name()));
    SerializableConfiguration configuration = file.configuration();
    UDF1<String, Long> id =
        entry -> ImageIds.of(FolderLayout.plain(below(entry, prefix, plainPrefix)));
    UDF1<String, String> origin = entry -> isAbsolute(entry) ? entry : shown + entry;
    UDF1<String, Integer> label = name -> ClassNames.indexOf(classes, name);
    UDF1<String, byte[]> content =
        entry -> {
          String where = isAbsolute(entry) ? entry : prefix + entry;
          HadoopFile image = new HadoopFile(where, configuration);
          try {
            image.checkPath();
          } catch (ConvoyException e) {
            return UnreadableImage.of(e.getMessage());
          }
          return FileContent.read(image);
        };
    return entries.select(
        udf(id, DataTypes.LongType).apply(col("path")).as("id"),
        udf(origin, DataTypes.StringType).apply(col("path")).as("origin"),
        udf(label, DataTypes.IntegerType).apply(col("label")).as("label"),
        udf(content, DataTypes.BinaryType).apply(col("path")).as("content"));
  }

  /** Lines as path and label, checked in tasks. */
  private Dataset<Row> entries(SparkSession spark, HadoopFile file, Layout layout) {
    StructType schema = new StructType();
    for (int i = 0; i < layout.columns(); i++) {
      schema = schema.add("_c" + i, DataTypes.StringType);
    }
    String name = path;
    MapFunction<Row, Row> entry =
        line -> {
          String malformed = line.getString(layout.columns());
          if (malformed != null) {
            throw new ConvoyException(
                "%s: expected %d columns in every line, found: %s"
                    .formatted(name, layout.columns(), malformed));
          }
          String image = line.getString(layout.path());
          String label = line.getString(layout.label());
          if (image == null || label == null) {
            throw new ConvoyException(
                "%s: expected a path and a label in every line, found '%s' and '%s'"
                    .formatted(name, image == null ? "" : image, label == null ? "" : label));
          }
          return RowFactory.create(image, label);
        };
    return spark
        .read()
        .options(csv())
        .option("header", layout.header())
        .option("enforceSchema", true)
        .option("columnNameOfCorruptRecord", MALFORMED)
        .schema(schema.add(MALFORMED, DataTypes.StringType))
        .csv(file.status().getPath().toString())
        .map(entry, Encoders.row(ENTRY));
  }

  private static Map<String, String> csv() {
    return Map.of(
        HadoopFile.PATTERNS,
        "false",
        "escape",
        "\"",
        "ignoreLeadingWhiteSpace",
        "true",
        "ignoreTrailingWhiteSpace",
        "true");
  }

  private Layout layout(SparkSession spark, HadoopFile file) {
    Dataset<Row> lines = spark.read().options(csv()).csv(file.status().getPath().toString());
    List<Row> first = lines.takeAsList(1);
    if (first.isEmpty()) {
      throw new ConvoyException(path + ": expected lines of a path and a label, found none");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.get(0).size(); i++) {
      names.add(first.get(0).isNullAt(i) ? "" : first.get(0).getString(i));
    }
    Optional<Integer> image = column(names, options.imageColumn(), PATH_NAMES);
    Optional<Integer> label = column(names, options.labelColumn(), LABEL_NAMES);
    if (image.isPresent() && label.isPresent()) {
      return new Layout(image.get(), label.get(), names.size(), true);
    }
    if (names.size() != 2) {
      throw new ConvoyException(
          "%s: expected two columns, a path and a label, or a first line that names these,"
                  .formatted(path)
              + " found: "
              + String.join(", ", names));
    }
    return new Layout(0, 1, 2, false);
  }

  private Optional<Integer> column(List<String> names, Optional<String> asked, Set<String> usual) {
    if (asked.isPresent()) {
      int index = names.indexOf(asked.get());
      if (index < 0) {
        throw new ConvoyException(
            "%s: no column is named '%s', the first line has: %s"
                .formatted(path, asked.get(), String.join(", ", names)));
      }
      return Optional.of(index);
    }
    return IntStream.range(0, names.size())
        .boxed()
        .filter(i -> usual.contains(names.get(i).toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** An absolute path into the manifest's own folder means the same as a relative one. */
  private static String below(String entry, String prefix, String plainPrefix) {
    for (String start : List.of(prefix, plainPrefix)) {
      if (entry.startsWith(start)) {
        return entry.substring(start.length());
      }
    }
    return entry;
  }

  private static boolean isAbsolute(String entry) {
    return entry.startsWith("/") || entry.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }
}
