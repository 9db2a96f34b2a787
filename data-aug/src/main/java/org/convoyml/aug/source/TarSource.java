package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/**
 * A tar file, gzipped or not, of a folder as {@link FolderSource} reads it. One task walks over its
 * headers for the names of its folders. If it is not gzipped, that walk skips contents, and several
 * tasks then read a part each; otherwise one task reads it and others take over from it.
 *
 * @param path of the tar file
 */
public record TarSource(String path) implements ImageSource {
  private static final int BLOCK = 512;

  @Override
  public ImageDataset open(SparkSession spark) {
    HadoopFile file = HadoopFile.existing(spark, path);
    checkEnd(file);
    long length = file.status().getLen();
    int partitions = Partitions.forBytes(spark, length);
    TarIndex index = TarIndex.of(spark, file, length / partitions + 1);
    FolderLayout layout = FolderLayout.of(path, index.paths());
    return new ImageDataset(
        isGzip(file)
            ? packedRows(spark, file, layout).repartition(partitions, col("id"))
            : rows(spark, file, layout, index.starts()),
        layout.classes());
  }

  private static Dataset<Row> packedRows(SparkSession spark, HadoopFile file, FolderLayout layout) {
    // One number makes one task; what it reads comes with the function.
    MapPartitionsFunction<Long, Row> read = number -> TarRows.of(file, layout);
    return spark.range(0, 1, 1, 1).mapPartitions(read, Encoders.row(ImageDataset.SCHEMA));
  }

  private static Dataset<Row> rows(
      SparkSession spark, HadoopFile file, FolderLayout layout, List<Long> starts) {
    List<Long> ends = new ArrayList<>(starts.subList(1, starts.size()));
    ends.add(Long.MAX_VALUE);
    MapPartitionsFunction<Long, Row> read =
        numbers -> {
          // Spark's generated iterators fill themselves in hasNext.
          if (!numbers.hasNext()) {
            return Collections.emptyIterator();
          }
          int part = numbers.next().intValue();
          return TarRows.of(file, layout, starts.get(part), ends.get(part));
        };
    return spark
        .range(0, starts.size(), 1, starts.size())
        .mapPartitions(read, Encoders.row(ImageDataset.SCHEMA));
  }

  private static boolean isGzip(HadoopFile file) {
    try {
      return file.isGzip();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  /**
   * A tar that was cut off between two entries reads like a whole one, but does not end with the
   * empty blocks that a whole one ends with. Gzip notices for itself.
   */
  private static void checkEnd(HadoopFile file) {
    long length = file.status().getLen();
    if (isGzip(file)) {
      return;
    }
    try {
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
