package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * A folder with one folder of images for each class; images in folders below belong to that class
 * too. Reads {@code .jpg}, {@code .jpeg} and {@code .png} in either case; names that begin with
 * {@code .} or {@code _} are hidden, as everywhere in Hadoop.
 *
 * @param path of the folder
 */
public record FolderSource(String path) implements ImageSource {
  private static final String IMAGE_FILES = "*.{[jJ][pP][gG],[jJ][pP][eE][gG],[pP][nN][gG]}";

  @Override
  public ImageDataset open(SparkSession spark) {
    HadoopFile folder = HadoopFile.existing(spark, path);
    String root = folder.status().getPath().toString();
    Dataset<Row> files =
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", true)
            .option("pathGlobFilter", IMAGE_FILES)
            .load(escapeGlob(root));

    List<Row> folders = Failures.unwrapped(() -> listFolders(spark, files));
    String prefix = root.endsWith("/") ? root : root + "/";
    FolderLayout layout =
        FolderLayout.of(
            path, folders.stream().map(row -> below(prefix, row.getString(0))).toList());
    long bytes = folders.stream().mapToLong(row -> row.getLong(1)).sum();
    Dataset<Row> rows = rows(files, prefix, layout).coalesce(Partitions.forBytes(spark, bytes));
    return new ImageDataset(rows, layout.classes());
  }

  /** One image path and the number of bytes of every folder with images. */
  private static List<Row> listFolders(SparkSession spark, Dataset<Row> files) {
    // Only what is asked of this source is read: here no content. Spark counts 4 MB for opening a
    // file, which would make a task of every 32 files.
    return files
        .select(col("path"), col("length"))
        .coalesce(Partitions.forBytes(spark, 0))
        .groupBy(regexp_replace(col("path"), "/[^/]*$", ""))
        .agg(min("path"), sum("length"))
        .select(col("min(path)"), col("sum(length)"))
        .collectAsList();
  }

  /** Columns rather than a mapping of rows: then a query for ids alone reads no content. */
  private Dataset<Row> rows(Dataset<Row> files, String prefix, FolderLayout layout) {
    String shown = path.endsWith("/") ? path : path + "/";
    UDF1<String, Long> id = file -> ImageIds.of(layout.relative(below(prefix, file)));
    UDF1<String, String> origin = file -> shown + below(prefix, file);
    UDF1<String, Integer> label = file -> layout.label(below(prefix, file));
    return files.select(
        udf(id, DataTypes.LongType).apply(col("path")).as("id"),
        udf(origin, DataTypes.StringType).apply(col("path")).as("origin"),
        udf(label, DataTypes.IntegerType).apply(col("path")).as("label"),
        col("content"));
  }

  private static String below(String prefix, String path) {
    if (!path.startsWith(prefix)) {
      throw new IllegalStateException("listed " + path + " below " + prefix);
    }
    return path.substring(prefix.length());
  }

  /** Spark takes a path for a pattern; this is one folder, whatever its name. */
  private static String escapeGlob(String path) {
    return path.replaceAll("[\\[\\]{}*?\\\\]", "\\\\$0");
  }
}
