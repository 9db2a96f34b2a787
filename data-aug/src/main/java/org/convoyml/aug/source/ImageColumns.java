package org.convoyml.aug.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.convoyml.nn.ConvoyException;

/**
 * Where images and labels are in a table.
 *
 * @param image column of encoded images (binary), of {@code struct<bytes: binary, …>} as Hugging
 *     Face writes it, or of Spark's {@code image} schema
 * @param label column of labels, numbers or texts; empty if they are to be found in paths
 */
record ImageColumns(StructField image, Optional<StructField> label) {
  /** The usual names of labels, the surest first. */
  private static final List<String> LABELS = List.of("label", "labels", "class", "target");

  /** Columns that say where an image is and what is known of its file: no labels. */
  private static final Set<String> NO_LABELS =
      Set.of("id", "path", "origin", "filename", "file_name", "modificationTime", "length");

  /**
   * By the names that options give, else by types and usual names.
   *
   * @param table names it in messages
   * @param pathsTell whether labels may be found in paths, so that no column is needed
   * @throws ConvoyException if a column is not there, of the wrong type, or one of several
   */
  static ImageColumns find(
      String table, StructType schema, SourceOptions options, boolean pathsTell) {
    StructField image =
        options.imageColumn().isPresent()
            ? named(table, schema, options.imageColumn().get(), "images", ImageColumns::isImage)
            : single(table, schema, "images", all(schema, column -> isImage(column.dataType())))
                .orElseThrow(() -> none(table, schema, "images (binary, or a struct of bytes)"));
    if (options.labelColumn().isPresent()) {
      String name = options.labelColumn().get();
      return new ImageColumns(
          image, Optional.of(named(table, schema, name, "labels", ImageColumns::isLabel)));
    }
    List<StructField> candidates =
        all(schema, column -> isLabel(column.dataType()) && !NO_LABELS.contains(column.name()));
    Optional<StructField> label =
        LABELS.stream()
            .flatMap(name -> candidates.stream().filter(c -> c.name().equalsIgnoreCase(name)))
            .findFirst()
            .or(() -> single(table, schema, "labels", candidates));
    if (label.isEmpty() && !pathsTell) {
      throw none(table, schema, "labels (numbers or texts)");
    }
    return new ImageColumns(image, label);
  }

  /** Whether images are undecoded pixels, as Spark's {@code image} source gives them. */
  static boolean isPixels(DataType type) {
    return type instanceof StructType struct
        && Set.of(struct.fieldNames())
            .containsAll(Set.of("height", "width", "nChannels", "mode", "data"));
  }

  private static boolean isImage(DataType type) {
    return type instanceof BinaryType
        || isPixels(type)
        || (type instanceof StructType struct
            && Arrays.stream(struct.fields())
                .anyMatch(
                    field ->
                        field.name().equals("bytes") && field.dataType() instanceof BinaryType));
  }

  private static boolean isLabel(DataType type) {
    return type instanceof NumericType || type instanceof StringType;
  }

  private static List<StructField> all(StructType schema, Predicate<StructField> predicate) {
    return Stream.of(schema.fields()).filter(predicate).toList();
  }

  private static StructField named(
      String table, StructType schema, String name, String what, Predicate<DataType> type) {
    for (StructField column : schema.fields()) {
      if (column.name().equals(name)) {
        if (!type.test(column.dataType())) {
          throw new ConvoyException(
              "%s: expected %s in column '%s', found %s"
                  .formatted(table, what, name, column.dataType().simpleString()));
        }
        return column;
      }
    }
    throw new ConvoyException(
        "%s: no column is named '%s', there are: %s".formatted(table, name, described(schema)));
  }

  private static Optional<StructField> single(
      String table, StructType schema, String what, List<StructField> candidates) {
    if (candidates.size() > 1) {
      List<String> names = new ArrayList<>();
      candidates.forEach(column -> names.add(column.name()));
      throw new ConvoyException(
          "%s: expected one column of %s, found %s: name one; there are: %s"
              .formatted(table, what, String.join(", ", names), described(schema)));
    }
    return candidates.stream().findFirst();
  }

  private static ConvoyException none(String table, StructType schema, String what) {
    return new ConvoyException(
        "%s: expected a column of %s, there are: %s".formatted(table, what, described(schema)));
  }

  static String described(StructType schema) {
    List<String> columns = new ArrayList<>();
    for (StructField column : schema.fields()) {
      columns.add(column.name() + " " + column.dataType().simpleString());
    }
    return columns.isEmpty() ? "none" : String.join(", ", columns);
  }
}
