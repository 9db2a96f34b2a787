package org.convoyml.spark.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns of text: the first is aligned to the left, numbers to the right. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  void add(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "expected %d cells, got %d".formatted(rows.get(0).size(), cells.length));
    }
    rows.add(List.of(cells));
  }

  String render() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        String padding = " ".repeat(width(column) - TextWidth.of(cell));
        boolean left = column == 0 || isText(column);
        line.append(column == 0 ? "" : GAP).append(left ? cell + padding : padding + cell);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> TextWidth.of(row.get(column))).max().orElse(0);
  }

  /** A column is of numbers if some cell below its heading begins with a digit. */
  private boolean isText(int column) {
    return rows.stream()
        .skip(1)
        .noneMatch(
            row -> !row.get(column).isEmpty() && Character.isDigit(row.get(column).charAt(0)));
  }
}
