package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.convoyml.nn.metrics.ConfusionMatrix;
import org.junit.jupiter.api.Test;

class MetricsTableTest {
  @Test
  void columnsAreAligned() {
    String text =
        MetricsTable.render(List.of("cat", "dog"), matrix(new int[][] {{950, 50}, {0, 1000}}));
    assertThat(text)
        .isEqualToNormalizingNewlines(
            """
            accuracy 97.50% (1,950 of 2,000 images)

              class  precision   recall      F1  specificity  support
              cat      100.00%   95.00%  97.44%      100.00%    1,000
              dog       95.24%  100.00%  97.56%       95.00%    1,000
              mean      97.62%   97.50%  97.50%       97.50%    2,000

            confusion matrix (row: actual class, column: predicted class)
                   cat   dog
              cat  950    50
              dog    .  1000
            """);
  }

  @Test
  void longNamesAreCutAndHeadNoColumns() {
    String text =
        MetricsTable.render(
            List.of("a very long name of a class that nobody can read", "\u8c93", "o\nk"),
            matrix(new int[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}));
    assertThat(text)
        .endsWith(
            """
                                                [0]  [1]  [2]
              [0] a very long name of a clas..    1    .    .
              [1] \u8c93                              .    1    .
              [2] o k                             .    .    1
            """);
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

  @Test
  void everyClassHasAName() {
    assertThatThrownBy(() -> MetricsTable.render(List.of("cat"), new ConfusionMatrix(2)))
        .hasMessage("1 names for 2 classes");
  }

  private static String identity(int size) {
    List<String> names = IntStream.range(0, size).mapToObj(i -> "class" + i).toList();
    int[][] counts = new int[size][size];
    IntStream.range(0, size).forEach(i -> counts[i][i] = 1);
    return MetricsTable.render(names, matrix(counts));
  }

  private static ConfusionMatrix matrix(int[][] counts) {
    ConfusionMatrix matrix = new ConfusionMatrix(counts.length);
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        for (int i = 0; i < counts[actual][predicted]; i++) {
          matrix.add(actual, predicted);
        }
      }
    }
    return matrix;
  }
}
