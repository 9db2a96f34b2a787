package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.convoyml.spark.cli.MetricsTable.ClassRow;
import org.junit.jupiter.api.Test;

class MetricsTableTest {
  @Test
  void columnsAreAligned() {
    String text =
        MetricsTable.render(
            0.975,
            List.of(
                new ClassRow("cat", 1, 0.95, 0.974359, 1, 1000),
                new ClassRow("dog", 0.952381, 1, 0.975610, 0.95, 1000)),
            new long[][] {{950, 50}, {0, 1000}});
    assertThat(text)
        .isEqualToNormalizingNewlines(
            """
            accuracy 97.50% (1,950 of 2,000 images)

              class  precision   recall      F1  specificity  support
              cat      100.00%   95.00%  97.44%      100.00%    1,000
              dog       95.24%  100.00%  97.56%       95.00%    1,000

            confusion matrix (row: actual class, column: predicted class)
                   cat   dog
              cat  950    50
              dog    .  1000
            """);
  }

  @Test
  void longNamesHeadNoColumns() {
    String text =
        MetricsTable.render(
            1,
            List.of(
                row("a very long name of a class that nobody can read"), row("\u8c93"), row("ok")),
            new long[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    assertThat(text)
        .endsWith(
            """
                                                [0]  [1]  [2]
              [0] a very long name of a clas..    1    .    .
              [1] \u8c93                              .    1    .
              [2] ok                              .    .    1
            """);
  }

  @Test
  void whatIsNotDefinedIsADash() {
    String text =
        MetricsTable.render(
            0,
            List.of(row("seen"), new ClassRow("never", Double.NaN, Double.NaN, Double.NaN, 1, 0)),
            new long[][] {{1, 0}, {0, 0}});
    assertThat(text).containsPattern("never +- +- +- +100\\.00% +0\n");
  }

  @Test
  void aMatrixThatFitsNoScreenIsLeftToTheJson() {
    assertThat(identity(MetricsTable.MAX_MATRIX)).contains("confusion matrix (row: actual");
    assertThat(identity(MetricsTable.MAX_MATRIX + 1))
        .doesNotContain("row: actual")
        .contains("  class20 ")
        .endsWith(
            "The confusion matrix of 21 classes is too wide for a screen; it is in the JSON"
                + " report.\n");
  }

  private static String identity(int size) {
    List<ClassRow> rows = IntStream.range(0, size).mapToObj(i -> row("class" + i)).toList();
    long[][] counts = new long[size][size];
    IntStream.range(0, size).forEach(i -> counts[i][i] = 1);
    return MetricsTable.render(1, rows, counts);
  }

  private static ClassRow row(String name) {
    return new ClassRow(name, 1, 1, 1, 1, 1);
  }
}
