package org.convoyml.nn.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterTest {
  private static final GoldenTensor EXAMPLE =
      GoldenTensor.parse(GoldenTensor.lines("counter.jsonl").get(0), GoldenTensor.class);

  @Test
  void javaMakesTheNumbersThatPythonMakes() {
    float[] numbers = Counter.values("example", 300);
    // Nine digits are all that the file holds of a number.
    EXAMPLE.assertMatches(numbers, 0, 300, 1e-9);
    for (int j = 0; j < EXAMPLE.entries().size(); j++) {
      int place = Counter.sampled(300)[j];
      assertThat(numbers[place]).isEqualTo(EXAMPLE.entries().get(j).floatValue());
    }
  }

  @Test
  void anotherTextGivesOtherNumbers() {
    float[] numbers = Counter.values("example2", 300);
    assertThatThrownBy(() -> EXAMPLE.assertMatches(numbers, 0, 300, 1e-3))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void oneWrongEntryOrNormIsNoticed() {
    float[] numbers = Counter.values("example", 300);
    int place = Counter.sampled(300)[10];
    float right = numbers[place];
    numbers[place] = right + 1e-5f;
    assertThatThrownBy(() -> EXAMPLE.assertMatches(numbers, 0, 300, 1e-6))
        .hasMessageContaining("example: entry " + place);
    numbers[place] = right;
    int unseen = place + 1;
    assertThat(Counter.sampled(300)).doesNotContain(unseen);
    numbers[unseen] += 0.1f;
    assertThatThrownBy(() -> EXAMPLE.assertMatches(numbers, 0, 300, 1e-6))
        .hasMessageContaining("example: norm");
    numbers[unseen] = Float.NaN;
    assertThatThrownBy(() -> EXAMPLE.assertMatches(numbers, 0, 300, 1e-6))
        .hasMessageContaining("norm is NaN");
  }

  @Test
  void oneOffEntryMayPassAmongManyButNotAGreatDifference() {
    float[] numbers = Counter.values("example", 300);
    int place = Counter.sampled(300)[10];
    numbers[place] += 0.02f;
    // 0.02 in one of 64 entries, of which the root mean square is 0.57: 0.0043 of it.
    EXAMPLE.assertNear(numbers, 0, 300, 5e-3);
    assertThatThrownBy(() -> EXAMPLE.assertNear(numbers, 0, 300, 4e-3))
        .hasMessageContaining("example: difference of entries is 0.0025");
    int unseen = place + 1;
    numbers[unseen] += 3;
    assertThatThrownBy(() -> EXAMPLE.assertNear(numbers, 0, 300, 5e-3))
        .hasMessageContaining("example: norm");
  }

  @Test
  void sampledPlacesAreDistinctAndSpanTheTensor() {
    assertThat(Counter.sampled(10)).containsExactly(IntStream.range(0, 10).toArray());
    for (int size : new int[] {65, 300, 25_920, 102_760_448}) {
      int[] places = Counter.sampled(size);
      assertThat(places).hasSize(64).isSorted().doesNotHaveDuplicates();
      assertThat(places[0]).isBetween(0, size / 64);
      assertThat(places[63]).isBetween((int) (63L * size / 64), size - 1);
    }
  }
}
