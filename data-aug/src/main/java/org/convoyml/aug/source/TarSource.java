package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/**
 * A tar file, gzipped or not, of a folder as {@link FolderSource} reads it. A tar has no index, so
 * one task streams it, once for the names of its folders and once for the images, which are then
 * spread over the executors.
 *
 * @param path of the tar file
 */
public record TarSource(String path) implements ImageSource {
  private static final int BLOCK = 512;

  @Override
  public ImageDataset open(SparkSession spark) {
    HadoopFile file = HadoopFile.existing(spark, path);
    checkEnd(file);
    // One number makes one task; what it reads comes with the function.
    Dataset<Long> task = spark.range(0, 1, 1, 1);

    MapPartitionsFunction<Long, String> list = number -> onePathPerFolder(file).iterator();
    List<String> paths =
        Failures.unwrapped(() -> task.mapPartitions(list, Encoders.STRING()).collectAsList());
    FolderLayout layout = FolderLayout.of(path, paths);

    MapPartitionsFunction<Long, Row> read = number -> TarRows.of(file, layout);
    int partitions = Partitions.forBytes(spark, file.status().getLen());
    Dataset<Row> rows =
        task.mapPartitions(read, Encoders.row(ImageDataset.SCHEMA))
            .repartition(partitions, col("id"));
    return new ImageDataset(rows, layout.classes());
  }

  private static Collection<String> onePathPerFolder(HadoopFile file) {
    Map<String, String> pathByFolder = new TreeMap<>();
    try (TarImages images = TarImages.open(file)) {
      while (images.next()) {
        String name = images.name();
        pathByFolder.putIfAbsent(name.substring(0, name.lastIndexOf('/') + 1), name);
      }
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    return pathByFolder.values();
  }

  /**
   * A tar that was cut off between two entries reads like a whole one, but does not end with the
   * empty blocks that a whole one ends with. Gzip notices for itself.
   */
  private static void checkEnd(HadoopFile file) {
    long length = file.status().getLen();
    try {
      if (file.isGzip()) {
        return;
      }
      byte[] last = new byte[(int) Math.min(length, BLOCK)];
      try (FSDataInputStream in = file.open()) {
        in.readFully(length - last.length, last);
      }
      for (byte value : last) {
        if (value != 0) {
          throw new ConvoyException(
              "%s: expected a tar file, which ends with empty blocks, found %d bytes that do not:"
                      .formatted(file.path(), length)
                  + " cut off?");
        }
      }
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
