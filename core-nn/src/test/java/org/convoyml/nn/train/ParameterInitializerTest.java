package org.convoyml.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterInitializerTest {
  /**
   * Of a dense layer with 100 inputs and 300 units: He's variance is 2/100 (2/300 of fan-out),
   * Xavier's 2/400.
   */
  @ParameterizedTest
  @CsvSource({
    "HE_NORMAL, 0.02, false",
    "HE_NORMAL_FAN_OUT, 0.0066667, false",
    "HE_UNIFORM, 0.02, true",
    "SMALL_NORMAL, 0.0001, false",
    "XAVIER_NORMAL, 0.005, false",
    "XAVIER_UNIFORM, 0.005, true"
  })
  void weightsHaveThePublishedMeanVarianceAndBound(
      Initializer initializer, double variance, boolean bounded) {
    NetworkSpec network =
        NetworkSpec.builder("one", Shape.of(100))
            .add("dense", new Dense(300, true, initializer))
            .classify("class")
            .build();
    ParameterLayout layout = ParameterLayout.of(network);
    float[] vector = ParameterInitializer.initialize(layout, 7);
    float[] weights = Arrays.copyOf(vector, 30_000);
    double mean = 0;
    double squares = 0;
    double largest = 0;
    for (float weight : weights) {
      mean += weight / 30_000.0;
      squares += weight * (double) weight / 30_000;
      largest = Math.max(largest, Math.abs(weight));
    }
    // Standard errors: √(variance / 30,000) of the mean, variance·√(2 / 30,000) of the variance.
    assertThat(mean).isCloseTo(0, within(4 * Math.sqrt(variance / 30_000)));
    assertThat(squares).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / 30_000)));
    double bound = Math.sqrt(3 * variance);
    if (bounded) {
      assertThat(largest).isLessThanOrEqualTo(bound).isGreaterThan(0.99 * bound);
    } else {
      assertThat(largest).isGreaterThan(bound);
    }
    assertThat(Arrays.copyOfRange(vector, 30_000, 30_300)).containsOnly(0);
  }

  @Test
  void convolutionsCountTheKernelsAreaInTheirFan() {
    NetworkSpec network =
        NetworkSpec.builder("one", Shape.of(4, 8, 8))
            .add("conv", Conv2d.of(64, 5))
            .add("flatten", new Flatten())
            .classify("class")
            .build();
    ParameterSlice weights = ParameterLayout.of(network).slice("conv.weight");
    assertThat(weights.spec().fanIn()).isEqualTo(4 * 25);
    assertThat(weights.spec().fanOut()).isEqualTo(64 * 25);
  }

  @Test
  void batchNormStartsAsTheIdentity() {
    NetworkSpec network =
        NetworkSpec.builder("one", Shape.of(3))
            .add("norm", BatchNorm.standard())
            .classify("class")
            .build();
    assertThat(ParameterInitializer.initialize(ParameterLayout.of(network), 1))
        .containsExactly(1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    NetworkSpec network =
        NetworkSpec.builder("one", Shape.of(5)).add("dense", Dense.of(4)).classify("class").build();
    ParameterLayout layout = ParameterLayout.of(network);
    assertThat(ParameterInitializer.initialize(layout, 1))
        .isEqualTo(ParameterInitializer.initialize(layout, 1))
        .isNotEqualTo(ParameterInitializer.initialize(layout, 2));
  }

  /** A wide matrix has orthonormal rows, a tall one orthonormal columns. */
  @ParameterizedTest
  @CsvSource({"12, 40", "40, 12", "9, 9", "1, 5"})
  void orthogonalWeightsAreOrthonormal(int units, int inputs) {
    NetworkSpec network =
        NetworkSpec.builder("one", Shape.of(inputs))
            .add("dense", new Dense(units, false, Initializer.ORTHOGONAL))
            .classify("class")
            .build();
    float[] w = ParameterInitializer.initialize(ParameterLayout.of(network), 5);
    boolean tall = units > inputs;
    int count = Math.min(units, inputs);
    int length = Math.max(units, inputs);
    for (int a = 0; a < count; a++) {
      for (int b = 0; b <= a; b++) {
        double product = 0;
        for (int i = 0; i < length; i++) {
          product +=
              tall
                  ? (double) w[i * inputs + a] * w[i * inputs + b]
                  : (double) w[a * inputs + i] * w[b * inputs + i];
        }
        assertThat(product).isCloseTo(a == b ? 1 : 0, within(1e-6));
      }
    }
  }
}
