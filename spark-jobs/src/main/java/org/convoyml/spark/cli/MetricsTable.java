package org.convoyml.spark.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** An evaluation as text: accuracy, what holds for each class, and the confusion matrix. */
final class MetricsTable {
  /** More columns than that fit no screen. */
  static final int MAX_MATRIX = 20;

  private static final int MAX_NAME = 28;

  /** Names up to here head the matrix's columns; longer ones are replaced by their row's number. */
  private static final int MAX_COLUMN_NAME = 5;

  private MetricsTable() {}

  /** What holds for one class; {@link Double#NaN} where it is not defined. */
  record ClassRow(
      String name, double precision, double recall, double f1, double specificity, long support) {}

  /**
   * @param counts {@code counts[actual][predicted]}
   */
  static String render(double accuracy, List<ClassRow> classes, long[][] counts) {
    StringBuilder text = new StringBuilder();
    summary(text, accuracy, counts);
    perClass(text, classes);
    if (classes.size() <= MAX_MATRIX) {
      matrix(text, classes.stream().map(ClassRow::name).toList(), counts);
    } else {
      text.append(
          "%nThe confusion matrix of %d classes is too wide for a screen; it is in the JSON report.%n"
              .formatted(classes.size()));
    }
    return text.toString();
  }

  private static void summary(StringBuilder text, double accuracy, long[][] counts) {
    long right = IntStream.range(0, counts.length).mapToLong(i -> counts[i][i]).sum();
    long all = Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    text.append(
        String.format(
            Locale.ROOT, "accuracy %s (%,d of %,d images)%n", percent(accuracy), right, all));
  }

  private static void perClass(StringBuilder text, List<ClassRow> classes) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("class", "precision", "recall", "F1", "specificity", "support"));
    for (ClassRow row : classes) {
      table.add(
          List.of(
              TextWidth.atMost(row.name(), MAX_NAME),
              percent(row.precision()),
              percent(row.recall()),
              percent(row.f1()),
              percent(row.specificity()),
              String.format(Locale.ROOT, "%,d", row.support())));
    }
    text.append(System.lineSeparator());
    align(text, table);
  }

  private static void matrix(StringBuilder text, List<String> names, long[][] counts) {
    boolean named = names.stream().allMatch(name -> TextWidth.of(name) <= MAX_COLUMN_NAME);
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    for (int column = 0; column < names.size(); column++) {
      head.add(named ? names.get(column) : "[" + column + "]");
    }
    table.add(head);
    for (int actual = 0; actual < names.size(); actual++) {
      List<String> row = new ArrayList<>();
      String name = TextWidth.atMost(names.get(actual), MAX_NAME);
      row.add(named ? name : "[" + actual + "] " + name);
      for (long count : counts[actual]) {
        // Dots let the mistakes stand out.
        row.add(count == 0 ? "." : Long.toString(count));
      }
      table.add(row);
    }
    text.append("%nconfusion matrix (row: actual class, column: predicted class)%n".formatted());
    align(text, table);
  }

  /** The first column to the left, all others to the right. */
  private static void align(StringBuilder text, List<List<String>> table) {
    int[] widths = new int[table.get(0).size()];
    for (List<String> row : table) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], TextWidth.of(row.get(column)));
      }
    }
    for (List<String> row : table) {
      text.append("  ").append(TextWidth.left(row.get(0), widths[0]));
      for (int column = 1; column < widths.length; column++) {
        text.append("  ").append(TextWidth.right(row.get(column), widths[column]));
      }
      text.append(System.lineSeparator());
    }
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }
}
