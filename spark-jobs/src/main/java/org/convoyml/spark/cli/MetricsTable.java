package org.convoyml.spark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.convoyml.nn.metrics.ClassMetrics;
import org.convoyml.nn.metrics.ConfusionMatrix;

/** An evaluation as text: accuracy, what holds for each class, and the confusion matrix. */
final class MetricsTable {
  /** More columns than that fit no screen. */
  static final int MAX_MATRIX = 20;

  private static final int MAX_NAME = 28;

  /** Names up to here head the matrix's columns; longer ones are replaced by their row's number. */
  private static final int MAX_COLUMN_NAME = 5;

  private MetricsTable() {}

  /**
   * @param classes names, as many as the matrix has classes
   */
  static String render(List<String> classes, ConfusionMatrix matrix) {
    if (classes.size() != matrix.classes()) {
      throw new IllegalArgumentException(
          "%d names for %d classes".formatted(classes.size(), matrix.classes()));
    }
    List<String> names = classes.stream().map(MetricsTable::printable).toList();
    StringBuilder text = new StringBuilder();
    summary(text, matrix);
    perClass(text, names, matrix);
    if (names.size() <= MAX_MATRIX) {
      matrix(text, names, matrix);
    } else {
      text.append(
          "%nThe confusion matrix of %d classes is too wide for a screen; it is in the JSON report.%n"
              .formatted(names.size()));
    }
    return text.toString();
  }

  private static void summary(StringBuilder text, ConfusionMatrix matrix) {
    long correct = IntStream.range(0, matrix.classes()).mapToLong(c -> matrix.count(c, c)).sum();
    text.append("accuracy ").append(percent(matrix.accuracy()));
    text.append(" (%s of %s images)%n".formatted(count(correct), count(matrix.total())));
  }

  private static void perClass(StringBuilder text, List<String> names, ConfusionMatrix matrix) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("class", "precision", "recall", "F1", "specificity", "support"));
    for (int c = 0; c < names.size(); c++) {
      table.add(figures(names.get(c), matrix.of(c)));
    }
    table.add(figures("mean", matrix.macroAverage()));
    text.append(System.lineSeparator());
    align(text, table);
  }

  private static List<String> figures(String name, ClassMetrics metrics) {
    return List.of(
        name,
        percent(metrics.precision()),
        percent(metrics.recall()),
        percent(metrics.f1()),
        percent(metrics.specificity()),
        count(metrics.support()));
  }

  private static void matrix(StringBuilder text, List<String> names, ConfusionMatrix matrix) {
    boolean named = names.stream().allMatch(name -> TextWidth.of(name) <= MAX_COLUMN_NAME);
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    for (int predicted = 0; predicted < names.size(); predicted++) {
      head.add(named ? names.get(predicted) : "[" + predicted + "]");
    }
    table.add(head);
    for (int actual = 0; actual < names.size(); actual++) {
      String name = names.get(actual);
      List<String> row = new ArrayList<>(List.of(named ? name : "[" + actual + "] " + name));
      for (int predicted = 0; predicted < names.size(); predicted++) {
        long count = matrix.count(actual, predicted);
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

  /** Folder names may hold anything. */
  private static String printable(String name) {
    return TextWidth.atMost(name.replaceAll("\\p{Cntrl}", " "), MAX_NAME);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
