package org.convoyml.aug.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What one walk from header to header tells about a tar file.
 *
 * @param paths of one image from every folder
 * @param starts of parts that can be read apart from each other; the first is 0, the others are
 *     where an image's headers begin. A packed file has one part
 */
record TarIndex(List<String> paths, List<Long> starts) {
  private static final StructType SCHEMA =
      new StructType()
          .add("paths", DataTypes.createArrayType(DataTypes.StringType, false), false)
          .add("starts", DataTypes.createArrayType(DataTypes.LongType, false), false);

  /**
   * Walks over the file in a task.
   *
   * @param partBytes about how long parts become
   */
  static TarIndex of(SparkSession spark, HadoopFile file, long partBytes) {
    MapFunction<Long, Row> walk = number -> walk(file, partBytes);
    Dataset<Row> index = spark.range(0, 1, 1, 1).map(walk, Encoders.row(SCHEMA));
    Row row = Failures.unwrapped(index::head);
    return new TarIndex(row.getList(0), row.getList(1));
  }

  private static Row walk(HadoopFile file, long partBytes) {
    Map<String, String> pathByFolder = new TreeMap<>();
    List<Long> starts = new ArrayList<>(List.of(0L));
    try (TarImages images = TarImages.open(file)) {
      while (images.next()) {
        String name = images.name();
        pathByFolder.putIfAbsent(name.substring(0, name.lastIndexOf('/') + 1), name);
        if (images.start() >= partBytes * starts.size()) {
          starts.add(images.start());
        }
      }
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    return RowFactory.create(
        pathByFolder.values().toArray(String[]::new), starts.toArray(Long[]::new));
  }
}
