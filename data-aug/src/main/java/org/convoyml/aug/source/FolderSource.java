package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.aug.source.FolderListing.Folder;

/**
 * A folder with one folder of images for each class; images in folders below belong to that class
 * too. Reads {@code .jpg}, {@code .jpeg}, {@code .png}, {@code .bmp} and {@code .webp} in either
 * case; names that begin with {@code .} or {@code _} are hidden, as everywhere in Hadoop. Executors
 * list and read; a file that cannot be read stays in its place as an {@link
 * org.convoyml.aug.image.UnreadableImage}.
 *
 * @param path of the folder
 */
public record FolderSource(String path) implements ImageSource {
  @Override
  public ImageDataset open(SparkSession spark) {
    HadoopFile folder = HadoopFile.existing(spark, path);
    String root = folder.status().getPath().toString();
    String prefix = root.endsWith("/") ? root : root + "/";

    List<Folder> folders = FolderListing.folders(spark, folder);
    FolderLayout layout =
        FolderLayout.of(path, folders.stream().map(found -> below(prefix, found.image())).toList());
    long bytes = folders.stream().mapToLong(Folder::bytes).sum();
    // A shuffle of paths, so that every task reads as many files, however folders are filled.
    Dataset<Row> files =
        FolderListing.images(spark, folder, folders)
            .toDF("path")
            .repartition(Partitions.forBytes(spark, bytes), col("path"));
    return new ImageDataset(rows(files, prefix, layout, folder.configuration()), layout.classes());
  }

  /** Columns rather than a mapping of rows: then a query for ids alone reads no content. */
  private Dataset<Row> rows(
      Dataset<Row> files,
      String prefix,
      FolderLayout layout,
      SerializableConfiguration configuration) {
    String shown = path.endsWith("/") ? path : path + "/";
    UDF1<String, Long> id = file -> ImageIds.of(layout.relative(below(prefix, file)));
    UDF1<String, String> origin = file -> shown + below(prefix, file);
    UDF1<String, Integer> label = file -> layout.label(below(prefix, file));
    UDF1<String, byte[]> content = file -> FileContent.read(new HadoopFile(file, configuration));
    return files.select(
        udf(id, DataTypes.LongType).apply(col("path")).as("id"),
        udf(origin, DataTypes.StringType).apply(col("path")).as("origin"),
        udf(label, DataTypes.IntegerType).apply(col("path")).as("label"),
        udf(content, DataTypes.BinaryType).apply(col("path")).as("content"));
  }

  private static String below(String prefix, String path) {
    if (!path.startsWith(prefix)) {
      throw new IllegalStateException("listed " + path + " below " + prefix);
    }
    return path.substring(prefix.length());
  }
}
