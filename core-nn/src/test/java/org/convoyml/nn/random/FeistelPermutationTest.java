package org.convoyml.nn.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeistelPermutationTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10, 1000, 4097})
  void everyNumberComesOnce(int size) {
    for (long key = 0; key < 5; key++) {
      assertThat(LongStream.of(all(new FeistelPermutation(size, key))).sorted().toArray())
          .isEqualTo(LongStream.range(0, size).toArray());
    }
  }

  /** The order of images in every epoch of every run ever made: it must not change silently. */
  @Test
  void theOrderIsPinned() {
    assertThat(all(new FeistelPermutation(10, 42, 7)))
        .containsExactly(0, 4, 7, 5, 8, 1, 2, 3, 6, 9);
    assertThat(all(new FeistelPermutation(3, 0))).containsExactly(0, 1, 2);
    FeistelPermutation large = new FeistelPermutation(1L << 40, -1);
    assertThat(LongStream.range(0, 3).map(large::apply))
        .containsExactly(817234748528L, 619924700898L, 1010993063705L);
  }

  @Test
  void anotherKeyGivesAnotherOrder() {
    assertThat(all(new FeistelPermutation(1000, 1, 2)))
        .isNotEqualTo(all(new FeistelPermutation(1000, 2, 1)))
        .isEqualTo(all(new FeistelPermutation(1000, 1, 2)));
  }

  @Property
  void numbersStayInRangeForAnySize(
      @ForAll @LongRange(min = 1, max = 1L << 62) long size,
      @ForAll @LongRange(min = 0) long number,
      @ForAll long key) {
    assertThat(new FeistelPermutation(size, key).apply(number % size)).isBetween(0L, size - 1);
  }

  @Test
  void whatIsOutOfRangeIsRefusedWithItsValue() {
    FeistelPermutation permutation = new FeistelPermutation(5, 1);
    assertThat(permutation.size()).isEqualTo(5);
    assertThatThrownBy(() -> permutation.apply(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number must be in [0, 5), got 5");
    assertThatThrownBy(() -> permutation.apply(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FeistelPermutation(0).apply(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FeistelPermutation(-1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size must be in [0, 2^62], got -1");
  }

  private static long[] all(FeistelPermutation permutation) {
    return LongStream.range(0, permutation.size()).map(permutation::apply).toArray();
  }
}
