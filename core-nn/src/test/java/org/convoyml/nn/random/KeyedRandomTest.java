package org.convoyml.nn.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KeyedRandomTest {
  /** Everything random in every run ever made comes from these: they must not change silently. */
  @Test
  void theKeyOfThreePartsNeedsNoArray() {
    assertThat(KeyedRandom.key(5, -7, 1L << 40))
        .isEqualTo(KeyedRandom.key(new long[] {5, -7, 1L << 40}));
  }

  @Test
  void theValuesArePinned() {
    KeyedRandom random = KeyedRandom.of(42, 7, -1);
    assertThat(random.nextLong()).isEqualTo(-6935589905369955175L);
    assertThat(random.nextLong()).isEqualTo(8384078980374983902L);
    assertThat(random.nextDouble()).isEqualTo(0.9430704451934233);
    assertThat(random.nextInt(1000)).isEqualTo(577);
    assertThat(random.nextGaussian()).isEqualTo(-0.9482033034739448);
    assertThat(random.uniform(-2, 3)).isEqualTo(-0.5427029695633432);
    assertThat(KeyedRandom.key()).isEqualTo(0);
    assertThat(KeyedRandom.key(0)).isEqualTo(5219921735007109793L);
  }

  @Test
  void theSequenceIsSplitMix64() {
    // The first values of the published algorithm (java.util.SplittableRandom) for seed 0.
    assertThat(KeyedRandom.mix(0x9E3779B97F4A7C15L)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(KeyedRandom.mix(0x3C6EF372FE94F82AL)).isEqualTo(0x6E789E6AA1B965F4L);
  }

  @Test
  void theOrderAndTheNumberOfKeyPartsMatter() {
    assertThat(
            new long[] {
              KeyedRandom.key(1, 2),
              KeyedRandom.key(2, 1),
              KeyedRandom.key(1),
              KeyedRandom.key(1, 0),
              KeyedRandom.key(0, 1),
              KeyedRandom.key()
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void aResetStartsTheSequenceAgain() {
    KeyedRandom random = KeyedRandom.of(5, 6);
    long first = random.nextLong();
    random.nextGaussian();
    random.reset(5, 6);
    assertThat(random.nextLong()).isEqualTo(first);
  }

  @Test
  void theResetOfFourPartsNeedsNoArray() {
    KeyedRandom random = KeyedRandom.of(1);
    random.reset(5, -7, 1L << 40, 3);
    assertThat(random.nextLong())
        .isEqualTo(KeyedRandom.of(new long[] {5, -7, 1L << 40, 3}).nextLong());
  }

  @Property
  void valuesStayInTheirRange(@ForAll long key, @ForAll @IntRange(min = 1) int bound) {
    KeyedRandom random = KeyedRandom.of(key);
    assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
    assertThat(random.nextDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
    assertThat(random.nextGaussian()).isFinite();
    assertThat(random.nextBoolean(0)).isFalse();
    assertThat(random.nextBoolean(1)).isTrue();
  }

  @Test
  void gaussiansHaveMeanZeroAndVarianceOne() {
    KeyedRandom random = KeyedRandom.of(3);
    double[] values = IntStream.range(0, 20_000).mapToDouble(i -> random.nextGaussian()).toArray();
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(9);
    double square =
        IntStream.range(0, values.length)
            .mapToDouble(i -> values[i] * values[i])
            .average()
            .orElse(9);
    assertThat(mean).isCloseTo(0, within(0.03)); // four standard errors of 1/√20000
    assertThat(square).isCloseTo(1, within(0.04));
  }

  @Test
  void aBoundThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> KeyedRandom.of(1).nextInt(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bound must be positive, got 0");
  }
}
