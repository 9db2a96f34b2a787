package org.convoyml.nn.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final Offset<Double> EXACT = within(1e-15);

  /** Rows are actual classes; class 3 has neither examples nor predictions. */
  private static ConfusionMatrix matrix(long[][] counts) {
    ConfusionMatrix matrix = new ConfusionMatrix(counts.length);
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        for (long i = 0; i < counts[actual][predicted]; i++) {
          matrix.add(actual, predicted);
        }
      }
    }
    return matrix;
  }

  private static final long[][] COUNTS = {{5, 1, 0, 0}, {2, 3, 1, 0}, {0, 0, 4, 0}, {0, 0, 0, 0}};

  @Test
  void figuresOfAClassAreThoseComputedByHand() {
    ClassMetrics first = matrix(COUNTS).of(0); // TP 5, FP 2, FN 1, TN 8
    assertThat(first.precision()).isCloseTo(5 / 7.0, EXACT);
    assertThat(first.recall()).isCloseTo(5 / 6.0, EXACT);
    assertThat(first.f1()).isCloseTo(10 / 13.0, EXACT);
    assertThat(first.specificity()).isCloseTo(8 / 10.0, EXACT);
    assertThat(first.support()).isEqualTo(6);
    ClassMetrics second = matrix(COUNTS).of(1); // TP 3, FP 1, FN 3, TN 9
    assertThat(second).isEqualTo(new ClassMetrics(0.75, 0.5, 0.6, 0.9, 6));
  }

  @Test
  void undefinedRatiosAreZero() {
    assertThat(matrix(COUNTS).of(3)).isEqualTo(new ClassMetrics(0, 0, 0, 1, 0));
    ConfusionMatrix empty = new ConfusionMatrix(2);
    assertThat(empty.accuracy()).isZero();
    assertThat(empty.perClass()).containsOnly(new ClassMetrics(0, 0, 0, 0, 0));
    assertThat(empty.macroAverage()).isEqualTo(new ClassMetrics(0, 0, 0, 0, 0));
  }

  @Test
  void accuracyAndMacroAveragesCoverAllClasses() {
    ConfusionMatrix matrix = matrix(COUNTS);
    assertThat(matrix.total()).isEqualTo(16);
    assertThat(matrix.accuracy()).isEqualTo(0.75);
    ClassMetrics macro = matrix.macroAverage();
    assertThat(macro.precision()).isCloseTo((5 / 7.0 + 0.75 + 0.8 + 0) / 4, EXACT);
    assertThat(macro.recall()).isCloseTo((5 / 6.0 + 0.5 + 1 + 0) / 4, EXACT);
    assertThat(macro.f1()).isCloseTo((10 / 13.0 + 0.6 + 8 / 9.0 + 0) / 4, EXACT);
    assertThat(macro.specificity()).isCloseTo((0.8 + 0.9 + 11 / 12.0 + 1) / 4, EXACT);
    assertThat(macro.support()).isEqualTo(16);
  }

  @Property
  void partsCountedApartAddUpToTheWholeInAnyGrouping(
      @ForAll @Size(max = 60) List<@IntRange(max = 8) Integer> examples,
      @ForAll @IntRange(max = 60) int firstCut,
      @ForAll @IntRange(max = 60) int secondCut) {
    int one = Math.min(Math.min(firstCut, secondCut), examples.size());
    int two = Math.min(Math.max(firstCut, secondCut), examples.size());
    ConfusionMatrix whole = count(examples);
    ConfusionMatrix left =
        count(examples.subList(0, one))
            .merge(count(examples.subList(one, two)))
            .merge(count(examples.subList(two, examples.size())));
    ConfusionMatrix right =
        count(examples.subList(0, one))
            .merge(
                count(examples.subList(one, two))
                    .merge(count(examples.subList(two, examples.size()))));
    assertThat(left.total()).isEqualTo(examples.size());
    for (int actual = 0; actual < 3; actual++) {
      assertThat(left.of(actual)).isEqualTo(whole.of(actual)).isEqualTo(right.of(actual));
      for (int predicted = 0; predicted < 3; predicted++) {
        assertThat(left.count(actual, predicted))
            .isEqualTo(whole.count(actual, predicted))
            .isEqualTo(right.count(actual, predicted));
      }
    }
  }

  private static ConfusionMatrix count(List<Integer> examples) {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    examples.forEach(example -> matrix.add(example / 3, example % 3));
    return matrix;
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothValues() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    assertThatThrownBy(() -> matrix.add(3, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("classes must be in [0, 3), got actual 3 and predicted 0");
    assertThatThrownBy(() -> matrix.add(0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> matrix.merge(new ConfusionMatrix(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("numbers of classes differ: 3 != 4");
  }
}
