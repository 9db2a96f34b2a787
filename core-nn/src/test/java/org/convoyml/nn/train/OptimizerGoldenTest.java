package org.convoyml.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.golden.Counter;
import org.convoyml.nn.golden.GoldenTensor;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten steps of each optimizer against PyTorch's, which {@code scripts/oracle/optimizers.py} ran.
 */
class OptimizerGoldenTest {
  /** Ten roundings to float, and two that cancel. */
  private static final double TOLERANCE = 1e-6;

  /** A power of two: the sum of a step's gradients is then exactly a multiple of their mean. */
  private static final int EXAMPLES = 4;

  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          NetworkSpec.builder("golden", Shape.of(3, 20, 20))
              .add("conv", Conv2d.of(8, 3))
              .add("norm", BatchNorm.standard())
              .add("flatten", new Flatten())
              .add("fc", Dense.of(10))
              .classify("class")
              .build());

  /** What a golden file's first line says of the run. */
  record Run(
      @JsonProperty("optimizer") String optimizer,
      @JsonProperty("weightDecay") double weightDecay,
      @JsonProperty("clipNorm") double clipNorm,
      @JsonProperty("learningRates") List<Double> learningRates) {}

  static Stream<String> files() {
    return Stream.of(
        "sgd-plain",
        "sgd-momentum",
        "sgd-nesterov",
        "sgd-decay",
        "sgd-clipped",
        "rmsprop",
        "rmsprop-momentum",
        "adam",
        "adam-decay",
        "adamw",
        "adamw-clipped",
        "lars",
        "lars-clipped");
  }

  @ParameterizedTest
  @MethodSource("files")
  void tenStepsEndWherePyTorchDoes(String file) {
    List<String> lines = GoldenTensor.lines("optimizers/" + file + ".jsonl");
    Run run = GoldenTensor.parse(lines.get(0), Run.class);
    assertThat(run.learningRates()).hasSize(10);
    float[] parameters = start();
    ParameterUpdate update =
        new ParameterUpdate(
            LAYOUT,
            new UpdateRule(
                Optimizer.parse(run.optimizer()),
                (float) run.weightDecay(),
                (float) run.clipNorm(),
                0),
            0,
            LAYOUT.size());
    for (int step = 0; step < 10; step++) {
      float rate = run.learningRates().get(step).floatValue();
      update.apply(parameters, gradientSum(step), EXAMPLES, rate);
    }
    List<GoldenTensor> tensors =
        lines.stream().skip(1).map(line -> GoldenTensor.parse(line, GoldenTensor.class)).toList();
    assertThat(tensors.stream().map(GoldenTensor::name))
        .containsExactlyElementsOf(
            LAYOUT.slices().stream()
                .filter(ParameterSlice::isTrained)
                .map(ParameterSlice::name)
                .toList());
    for (GoldenTensor tensor : tensors) {
      ParameterSlice slice = LAYOUT.slice(tensor.name());
      tensor.assertMatches(parameters, slice.offset(), slice.end(), TOLERANCE);
    }
  }

  /** As the script starts: biases and shifts at zero. */
  private static float[] start() {
    float[] parameters = new float[LAYOUT.size()];
    for (ParameterSlice slice : LAYOUT.slices()) {
      if (!slice.name().endsWith(".bias")) {
        Counter.fill(parameters, slice.offset(), slice.end(), "parameter " + slice.name());
      }
    }
    return parameters;
  }

  /** Of running statistics too, which PyTorch's norm does not count. */
  private static float[] gradientSum(int step) {
    float[] gradient = new float[LAYOUT.size()];
    for (ParameterSlice slice : LAYOUT.slices()) {
      String text = "gradient " + step + " " + slice.name();
      Counter.fill(gradient, slice.offset(), slice.end(), text);
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= EXAMPLES;
    }
    return gradient;
  }
}
