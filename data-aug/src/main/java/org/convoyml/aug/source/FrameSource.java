package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.udf;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.convoyml.nn.ConvoyException;

/**
 * A table that somebody else has opened: of Spark's {@code image} or {@code binaryFile} source, of
 * {@link ImageDataset#SCHEMA}, or any other with a column of images, one of paths or identities,
 * and labels in a column or in the folders of the paths.
 *
 * @param frame the table
 * @param options where its schema leaves a choice
 */
record FrameSource(Dataset<Row> frame, SourceOptions options) implements ImageSource {
  private static final String NAME = "the DataFrame";
  private static final List<String> PATHS = List.of("path", "origin", "filename", "file_name");

  /**
   * Where images are.
   *
   * @param column of paths
   * @param encoded whether they are URIs, with %20 for a space
   */
  private record Paths(Column column, boolean encoded) {}

  @Override
  public ImageDataset open(SparkSession spark) {
    Optional<ImageDataset> packed = PackedImages.read(frame);
    if (packed.isPresent() && options.equals(SourceOptions.NONE)) {
      return packed.get();
    }
    Optional<Paths> paths = paths();
    ImageColumns columns = ImageColumns.find(NAME, frame.schema(), options, paths.isPresent());
    return paths.isPresent() ? byPaths(columns, paths.get()) : byIds(columns);
  }

  /** Images that have paths: their identities are the same as if a folder had been opened. */
  private ImageDataset byPaths(ImageColumns columns, Paths paths) {
    UDF1<String, String> decode = FrameSource::decoded;
    Column path =
        paths.encoded() ? udf(decode, DataTypes.StringType).apply(paths.column()) : paths.column();
    List<String> onePerFolder = onePathPerFolder(path);
    FolderLayout layout =
        columns.label().isPresent()
            ? FolderLayout.unlabelled(NAME, onePerFolder)
            : FolderLayout.of(NAME, onePerFolder);
    UDF1<String, Long> id = where -> ImageIds.of(layout.relative(present(where)));
    UDF1<String, Integer> label = where -> layout.label(present(where));
    UDF1<String, String> present = FrameSource::present;
    Column origin = udf(present, DataTypes.StringType).apply(path);
    LabelColumn labels =
        columns
            .label()
            .map(column -> labels(column, origin))
            .orElseGet(
                () ->
                    new LabelColumn(
                        layout.classes(), udf(label, DataTypes.IntegerType).apply(path)));
    return dataset(udf(id, DataTypes.LongType).apply(path), origin, labels, columns);
  }

  private ImageDataset byIds(ImageColumns columns) {
    StructField id =
        Stream.of(frame.schema().fields())
            .filter(column -> column.name().equals("id") && column.dataType() instanceof LongType)
            .findFirst()
            .orElseThrow(
                () ->
                    new ConvoyException(
                        "%s: expected a column that tells images apart, texts named %s or numbers"
                                .formatted(NAME, String.join(", ", PATHS))
                            + " (bigint) named id, there are: "
                            + ImageColumns.described(frame.schema())));
    Column origin = Columns.named(id.name()).cast(DataTypes.StringType);
    return dataset(
        Columns.named(id.name()), origin, labels(columns.label().orElseThrow(), origin), columns);
  }

  private LabelColumn labels(StructField column, Column origin) {
    return LabelColumn.of(NAME, frame, column, origin, NominalLabels.names(column));
  }

  private ImageDataset dataset(Column id, Column origin, LabelColumn labels, ImageColumns columns) {
    return new ImageDataset(
        frame.select(
            id.as("id"),
            origin.as("origin"),
            labels.labels().as("label"),
            ImageContent.of(columns.image()).as("content")),
        labels.classes());
  }

  private Optional<Paths> paths() {
    for (StructField column : frame.schema().fields()) {
      if (ImageColumns.isPixels(column.dataType()) && has(column, "origin")) {
        return Optional.of(new Paths(Columns.named(column.name()).getField("origin"), true));
      }
    }
    for (String name : PATHS) {
      for (StructField column : frame.schema().fields()) {
        boolean chosen = options.labelColumn().filter(name::equals).isPresent();
        if (column.name().equals(name) && column.dataType() instanceof StringType && !chosen) {
          return Optional.of(new Paths(Columns.named(name), false));
        }
      }
    }
    for (StructField column : frame.schema().fields()) {
      if (has(column, "bytes") && has(column, "path")) {
        return Optional.of(new Paths(Columns.named(column.name()).getField("path"), false));
      }
    }
    return Optional.empty();
  }

  private static boolean has(StructField column, String field) {
    return column.dataType() instanceof StructType struct
        && List.of(struct.fieldNames()).contains(field);
  }

  private List<String> onePathPerFolder(Column path) {
    Dataset<Row> folders =
        frame
            .select(path.as("path"))
            .where(col("path").isNotNull())
            .groupBy(regexp_replace(col("path"), "[^/]*$", ""))
            .agg(min("path"));
    return Failures.unwrapped(folders::collectAsList).stream()
        .map(row -> row.getString(1))
        .toList();
  }

  private static String present(String path) {
    if (path == null) {
      throw new ConvoyException(NAME + ": expected a path of every image, found null");
    }
    return path;
  }

  /** Spark's image source says where an image is with a URI, its binary source with a path. */
  private static String decoded(String uri) {
    if (uri == null) {
      return null;
    }
    URI parsed = URI.create(uri);
    return parsed.getScheme() == null
        ? parsed.getPath()
        : "%s:%s%s"
            .formatted(
                parsed.getScheme(),
                parsed.getAuthority() == null ? "" : "//" + parsed.getAuthority(),
                parsed.getPath());
  }
}
