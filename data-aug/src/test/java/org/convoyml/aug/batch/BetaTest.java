package org.convoyml.aug.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BetaTest {
  private static final int DRAWS = 10_000;

  /** Kolmogorov and Smirnov's bound, which chance exceeds once in a thousand keys. */
  private static final double BOUND = 1.95 / Math.sqrt(DRAWS);

  @Test
  void alphaOneIsUniform() {
    assertThat(distance(draws(1, 1), x -> x)).isLessThan(BOUND);
  }

  @Test
  void alphaTwoHasTheDistributionOfThatDensity() {
    assertThat(distance(draws(2, 2), x -> x * x * (3 - 2 * x))).isLessThan(BOUND);
  }

  @Test
  void alphaOneHalfIsTheArcsineDistribution() {
    assertThat(distance(draws(0.5, 0.5), x -> 2 / Math.PI * Math.asin(Math.sqrt(x))))
        .isLessThan(BOUND);
  }

  @Test
  void itNeedNotBeSymmetric() {
    assertThat(distance(draws(1, 3), x -> 1 - Math.pow(1 - x, 3))).isLessThan(BOUND);
    assertThat(distance(draws(0.5, 1), Math::sqrt)).isLessThan(BOUND);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 1, 7, 100})
  void meanAndVarianceAreThoseOfTheDistribution(double alpha) {
    double[] draws = draws(alpha, alpha);
    double variance = 1 / (4 * (2 * alpha + 1));

    double mean = DoubleStream.of(draws).average().orElseThrow();
    double square = DoubleStream.of(draws).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow();

    assertThat(DoubleStream.of(draws)).allMatch(x -> x >= 0 && x <= 1);
    assertThat(mean).isCloseTo(0.5, within(4 * Math.sqrt(variance / DRAWS)));
    assertThat(square).isCloseTo(variance, within(variance * 0.06));
  }

  @Test
  void aSmallAlphaNeverGivesWhatIsNotANumber() {
    double[] draws = draws(0.01, 0.01);

    assertThat(DoubleStream.of(draws)).noneMatch(x -> Double.isNaN(x));
    assertThat(DoubleStream.of(draws).filter(x -> x > 0.1 && x < 0.9).count()).isLessThan(600);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 0.009, 100.1, Double.NaN})
  void alphaIsChecked(double alpha) {
    assertThatThrownBy(() -> new MixUp(alpha))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be 0.01 to 100, got " + alpha);
    assertThatThrownBy(() -> new CutMix(alpha)).isInstanceOf(IllegalArgumentException.class);
  }

  private static double[] draws(double a, double b) {
    KeyedRandom random = KeyedRandom.of(11, 12);
    double[] draws = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      random.reset(3, i);
      draws[i] = Beta.draw(a, b, random);
    }
    return draws;
  }

  /** The greatest distance of the draws' distribution function from the expected one. */
  private static double distance(double[] draws, DoubleUnaryOperator expected) {
    Arrays.sort(draws);
    double greatest = 0;
    for (int i = 0; i < draws.length; i++) {
      double value = expected.applyAsDouble(draws[i]);
      greatest = Math.max(greatest, Math.abs(value - (double) i / draws.length));
      greatest = Math.max(greatest, Math.abs(value - (i + 1.0) / draws.length));
    }
    return greatest;
  }
}
