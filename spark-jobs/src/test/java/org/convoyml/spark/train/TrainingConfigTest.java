package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.train.Adam;
import org.convoyml.nn.train.LearningRate;
import org.convoyml.nn.train.LearningRateSchedule;
import org.convoyml.spark.data.ImageLimits;
import org.junit.jupiter.api.Test;

class TrainingConfigTest {
  private static final TrainingConfig OTHER =
      new TrainingConfig(
          3,
          64,
          4,
          2,
          new LearningRate(0.001, 1.5, new LearningRateSchedule.Step(30, 0.1)),
          new Adam(0.8f, 0.99f, 1e-6f, true),
          0.0005,
          2.5,
          0.999,
          Precision.BF16,
          AugmentationPolicy.parse("rotate(10), translate(0.1)"),
          new ImageLimits(1000, 0.25),
          new Averaging(Averaging.Sync.PARAMETERS, 4),
          new Validation(0.25, 2, 3, Validation.Monitor.LOSS, Validation.Keep.BEST),
          new Recovery("states", 5, 8, 7),
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
                Map.entry("warmup", "0.0"),
                Map.entry("optimizer", "sgd(momentum=0.9)"),
                Map.entry("weight-decay", "0.0"),
                Map.entry("clip-norm", "0.0"),
                Map.entry("ema", "0.0"),
                Map.entry("precision", "f32"),
                Map.entry("schedule", "cosine"),
                Map.entry("augment", "none"),
                Map.entry("max-pixels", "50000000"),
                Map.entry("max-corrupt", "0.01"),
                Map.entry("sync", "gradients"),
                Map.entry("averaging-frequency", "1"),
                Map.entry("validation-split", "0.0"),
                Map.entry("evaluate-every", "0"),
                Map.entry("patience", "0"),
                Map.entry("monitor", "accuracy"),
                Map.entry("keep", "last"),
                Map.entry("checkpoints", ""),
                Map.entry("keep-checkpoints", "2"),
                Map.entry("checkpoint-every", "0"),
                Map.entry("retries", "3"),
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
            Map.entry("warmup", "1.5"),
            Map.entry("schedule", "step(30, 0.1)"),
            Map.entry("optimizer", "adamw(beta1=0.8, beta2=0.99, epsilon=1.0E-6)"),
            Map.entry("weight-decay", "5.0E-4"),
            Map.entry("clip-norm", "2.5"),
            Map.entry("ema", "0.999"),
            Map.entry("precision", "bf16"),
            Map.entry("augment", "rotate(10), translate(0.1)"),
            Map.entry("max-pixels", "1000"),
            Map.entry("max-corrupt", "0.25"),
            Map.entry("sync", "parameters"),
            Map.entry("averaging-frequency", "4"),
            Map.entry("validation-split", "0.25"),
            Map.entry("evaluate-every", "2"),
            Map.entry("patience", "3"),
            Map.entry("monitor", "loss"),
            Map.entry("keep", "best"),
            Map.entry("checkpoints", "states"),
            Map.entry("keep-checkpoints", "5"),
            Map.entry("checkpoint-every", "8"),
            Map.entry("retries", "7"),
            Map.entry("seed", "-7"),
            Map.entry("engine", "reference"),
            Map.entry("timeout", "30"));
    assertThat(OTHER.toProperties()).isEqualTo(properties);
    assertThat(TrainingConfig.fromProperties(properties)).isEqualTo(OTHER);
    // The rate is one component of three properties, the limits and averaging of two, validation of
    // five, recovery of four.
    assertThat(TrainingConfig.class.getRecordComponents())
        .hasSize(properties.size() - 2 - 1 - 1 - 4 - 3);
  }

  @Test
  void theResultDependsOnAllButWhereItRunsAndWhatMayFail() {
    Map<String, String> all = OTHER.toProperties();
    all.keySet().removeAll(Set.of("workers", "timeout", "max-corrupt", "retries"));
    all.keySet().removeAll(Set.of("checkpoints", "keep-checkpoints", "checkpoint-every"));
    assertThat(OTHER.toResultProperties()).isEqualTo(all);
  }

  @Test
  void settingsThatDoNotFitEachOtherAreRefused() {
    refused(Map.of("averaging-frequency", "2"), "needs --sync parameters");
    refused(Map.of("evaluate-every", "1"), "give --validation-split");
    refused(Map.of("patience", "1", "validation-split", "0.1"), "give --evaluate-every");
    refused(Map.of("keep", "best"), "--keep best needs evaluations");
    refused(
        Map.of("sync", "parameters", "averaging-frequency", "4", "checkpoint-every", "6"),
        "must be a multiple of the averaging frequency 4, got 6");
  }

  private static void refused(Map<String, String> properties, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrainingConfig.fromProperties(properties))
        .withMessageContaining(message);
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
    refused("learning-rate", "0", "the learning rate must be positive and finite, got 0.0");
    refused("learning-rate", "NaN", "the learning rate must be positive and finite, got NaN");
    refused(
        "learning-rate", "Infinity", "the learning rate must be positive and finite, got Infinity");
    refused("warmup", "-1", "warm-up epochs must be at least 0 and finite, got -1.0");
    refused("weight-decay", "-1", "weight decay must be at least 0 and finite, got -1.0");
    refused("clip-norm", "NaN", "the clipping norm must be at least 0 and finite, got NaN");
    refused("ema", "1", "the decay of the average must be in [0, 1), got 1.0");
    refused("max-pixels", "0", "the limit of pixels must be positive, got 0");
    refused("max-corrupt", "1", "the share of corrupt images must be in [0, 1), got 1.0");
    refused("max-corrupt", "NaN", "the share of corrupt images must be in [0, 1), got NaN");
    refused("validation-split", "1", "the validation split must be in [0, 1), got 1.0");
    refused("validation-split", "-0.1", "the validation split must be in [0, 1), got -0.1");
    refused("validation-split", "NaN", "the validation split must be in [0, 1), got NaN");
    refused("timeout", "0", "the timeout must be positive, got 0 s");
  }

  @Test
  void aPropertyThatCannotBeReadIsNamed() {
    refused("epochs", "many", "epochs: ");
    refused("learning-rate", "fast", "learning-rate: ");
    refused("precision", "f8", "precision: ");
    assertThatThrownBy(() -> TrainingConfig.fromProperties(Map.of("schedule", "zigzag")))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("zigzag");
    assertThatThrownBy(() -> TrainingConfig.fromProperties(Map.of("optimizer", "sgd(momentum=1)")))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("momentum must be in [0, 1), got 1.0");
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
