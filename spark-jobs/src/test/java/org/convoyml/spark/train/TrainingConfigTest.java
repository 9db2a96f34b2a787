package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.train.LearningRateSchedule;
import org.junit.jupiter.api.Test;

class TrainingConfigTest {
  private static final TrainingConfig OTHER =
      new TrainingConfig(
          3,
          64,
          4,
          2,
          0.001,
          0.0,
          LearningRateSchedule.CONSTANT,
          AugmentationPolicy.parse("rotate(10), translate(0.1)"),
          -7,
          "reference",
          30);

  @Test
  void theseAreTheDefaults() {
    assertThat(TrainingConfig.DEFAULT.toProperties())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("epochs", "10"),
                Map.entry("batch-size", "128"),
                Map.entry("lanes", "8"),
                Map.entry("workers", "0"),
                Map.entry("learning-rate", "0.05"),
                Map.entry("momentum", "0.9"),
                Map.entry("schedule", "cosine"),
                Map.entry("augment", "none"),
                Map.entry("seed", "42"),
                Map.entry("engine", "auto"),
                Map.entry("timeout", "600")));
  }

  @Test
  void everySettingIsAProperty() {
    Map<String, String> properties =
        Map.ofEntries(
            Map.entry("epochs", "3"),
            Map.entry("batch-size", "64"),
            Map.entry("lanes", "4"),
            Map.entry("workers", "2"),
            Map.entry("learning-rate", "0.001"),
            Map.entry("momentum", "0.0"),
            Map.entry("schedule", "constant"),
            Map.entry("augment", "rotate(10), translate(0.1)"),
            Map.entry("seed", "-7"),
            Map.entry("engine", "reference"),
            Map.entry("timeout", "30"));
    assertThat(OTHER.toProperties()).isEqualTo(properties);
    assertThat(TrainingConfig.fromProperties(properties)).isEqualTo(OTHER);
    assertThat(TrainingConfig.class.getRecordComponents()).hasSameSizeAs(properties.entrySet());
  }

  @Test
  void theResultDependsOnAllButWorkersAndTimeout() {
    Map<String, String> all = OTHER.toProperties();
    all.keySet().removeAll(Set.of("workers", "timeout"));
    assertThat(OTHER.toResultProperties()).isEqualTo(all);
  }

  @Test
  void missingPropertiesHaveTheirDefaults() {
    assertThat(TrainingConfig.fromProperties(Map.of())).isEqualTo(TrainingConfig.DEFAULT);
  }

  @Test
  void anUnknownPropertyIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrainingConfig.fromProperties(Map.of("epoch", "3")))
        .withMessageContaining("no setting is named 'epoch'")
        .withMessageContaining("epochs");
  }

  @Test
  void everySettingIsValidated() {
    refused("epochs", "0", "epochs must be positive, got 0");
    refused("batch-size", "0", "the batch size must be a multiple of the 8 lanes, got 0");
    refused("batch-size", "100", "the batch size must be a multiple of the 8 lanes, got 100");
    refused("batch-size", "8388608", "a lane's share of a batch must be below 1048576");
    refused("lanes", "0", "lanes must be a power of two, got 0");
    refused("lanes", "6", "lanes must be a power of two, got 6");
    refused("lanes", "-2147483648", "lanes must be a power of two, got -2147483648");
    refused("workers", "-1", "workers must be");
    refused("workers", "9", "workers must be at most the 8 lanes, got 9");
    refused("learning-rate", "0", "the learning rate must be positive, got 0.0");
    refused("learning-rate", "NaN", "the learning rate must be positive, got NaN");
    refused("learning-rate", "Infinity", "the learning rate must be positive, got Infinity");
    refused("momentum", "-0.1", "momentum must be in [0, 1), got -0.1");
    refused("momentum", "1", "momentum must be in [0, 1), got 1.0");
    refused("momentum", "NaN", "momentum must be in [0, 1), got NaN");
    refused("timeout", "0", "the timeout must be positive, got 0 s");
  }

  @Test
  void aPropertyThatCannotBeReadIsNamed() {
    refused("epochs", "many", "epochs: ");
    refused("learning-rate", "fast", "learning-rate: ");
    refused("schedule", "zigzag", "schedule: ");
    refused("seed", "1e3", "seed: ");
    assertThatThrownBy(() -> TrainingConfig.fromProperties(Map.of("augment", "swirl(3)")))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("swirl");
  }

  private static void refused(String property, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrainingConfig.fromProperties(Map.of(property, value)))
        .withMessageStartingWith(message);
  }
}
