package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.udf;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.convoyml.nn.ConvoyException;

/**
 * A column of labels: texts, which are names of classes, or numbers, which are indices into names
 * known from elsewhere or are themselves the names.
 *
 * @param classes their sorted names
 * @param labels for each row; a task throws {@link ConvoyException} on one that is missing or out
 *     of range
 */
record LabelColumn(List<String> classes, Column labels) {
  /** Numbers above it are no classes but perhaps identities. */
  private static final int LARGEST = (1 << 16) - 1;

  /**
   * Looks at a table's labels, in a job if they are not yet known.
   *
   * @param table names it in messages
   * @param origin column that says where an image is
   * @param names of numbers from 0, in the order of the numbers, if known
   */
  static LabelColumn of(
      String table,
      Dataset<Row> rows,
      StructField column,
      Column origin,
      Optional<List<String>> names) {
    Column values = Columns.named(column.name());
    if (column.dataType() instanceof StringType) {
      List<String> classes =
          ClassNames.sorted(
              Failures.unwrapped(
                      () ->
                          rows.select(values).where(values.isNotNull()).distinct().collectAsList())
                  .stream()
                  .map(row -> row.getString(0))
                  .toList());
      checkAny(table, classes);
      UDF2<String, String, Integer> label = (where, name) -> named(classes, where, name);
      return new LabelColumn(classes, udf(label, DataTypes.IntegerType).apply(origin, values));
    }
    List<String> sourceOrder = names.orElseGet(() -> numbers(table, rows, values));
    // Numbers that are their own names stay in their order: 10 is not before 2.
    int[] positions =
        names.isPresent()
            ? ClassNames.positions(table, sourceOrder)
            : IntStream.range(0, sourceOrder.size()).toArray();
    UDF2<String, Number, Integer> label = (where, number) -> numbered(positions, where, number);
    return new LabelColumn(
        names.isPresent() ? ClassNames.sorted(sourceOrder) : sourceOrder,
        udf(label, DataTypes.IntegerType).apply(origin, values));
  }

  private static List<String> numbers(String table, Dataset<Row> rows, Column values) {
    Row largest =
        Failures.unwrapped(
            () -> rows.select(values.cast(DataTypes.DoubleType).as("n")).agg(max(col("n"))).head());
    checkAny(table, largest.isNullAt(0) ? Collections.emptyList() : List.of(""));
    double number = largest.getDouble(0);
    if (!(number >= 0 && number <= LARGEST)) {
      throw new ConvoyException(
          "%s: expected labels from 0 to at most %d, the largest is %s"
              .formatted(table, LARGEST, number));
    }
    return ClassNames.numbered((int) number);
  }

  private static void checkAny(String table, List<String> labels) {
    if (labels.isEmpty()) {
      throw new ConvoyException(table + ": expected labelled images, found none");
    }
  }

  private static int named(List<String> classes, String origin, String name) {
    int label = name == null ? -1 : ClassNames.indexOf(classes, name);
    if (label < 0) {
      throw new ConvoyException(
          "%s: expected a label, found %s".formatted(origin, name == null ? "null" : name));
    }
    return label;
  }

  private static int numbered(int[] positions, String origin, Number number) {
    double value = number == null ? -1 : number.doubleValue();
    if (!(value >= 0 && value < positions.length && value == (int) value)) {
      throw new ConvoyException(
          "%s: expected a label from 0 to %d, found %s"
              .formatted(origin, positions.length - 1, number));
    }
    return positions[(int) value];
  }
}
