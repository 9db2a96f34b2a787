package org.convoyml.aug.source;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Labelled, encoded images, not yet read: nothing but the names of the classes is on the driver.
 *
 * @param rows of {@link #SCHEMA}, in no particular order and partitioning
 * @param classes names of the classes, sorted; a label is an index into them
 */
public record ImageDataset(Dataset<Row> rows, List<String> classes) {
  /**
   * The columns of {@link #rows}:
   *
   * <ul>
   *   <li>{@code id} identifies an image in its data set, however the set is packed: the first 8
   *       bytes, big endian, of the SHA-256 of its path below the data set's root
   *   <li>{@code origin} says to people where it is: a path, {@code path!entry} or {@code path#42}
   *   <li>{@code label} is the index of its class, from 0
   *   <li>{@code content} is the image as a JPEG, PNG or PNM file
   * </ul>
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("origin", DataTypes.StringType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("content", DataTypes.BinaryType, false);

  /**
   * @throws IllegalArgumentException if the rows have other columns; whether these may be null does
   *     not count
   */
  public ImageDataset {
    classes = List.copyOf(classes);
    if (!rows.schema().simpleString().equals(SCHEMA.simpleString())) {
      throw new IllegalArgumentException(
          "expected the columns %s, got %s"
              .formatted(SCHEMA.simpleString(), rows.schema().simpleString()));
    }
  }
}
