package org.convoyml.spark.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorsTest {
  @Test
  void thePatienceIsTwoMinutesUnlessSet() {
    assertThat(Executors.patience(new SparkConf(false))).isEqualTo(Duration.ofMinutes(2));
    assertThat(Executors.patience(with("5m"))).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2minutes!", "0s", "-3s", "soon"})
  void whatIsNoTimeIsRefused(String value) {
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> Executors.patience(with(value)))
        .withMessage(
            "spark.convoy.noExecutorsTimeout: expected a time such as 120s or 5m, got '"
                + value
                + "'");
  }

  private static SparkConf with(String value) {
    return new SparkConf(false).set(Executors.PATIENCE, value);
  }
}
