package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.Loss;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine does in training beyond computing layers. */
class EngineTrainingTest {
  static Stream<Engine> engines() {
    return Engines.all().stream().filter(engine -> engine.unavailable().isEmpty());
  }

  /** Dropout is all there is between a weight of ones and the output's gradient. */
  private static NetworkSpec dropout(float rate) {
    return NetworkSpec.builder("dropout", Shape.of(2000))
        .add("drop", new Dropout(rate))
        .add("sum", new Dense(1, false, Initializer.ONES))
        .output("number", new SigmoidCrossEntropy(), 1)
        .build();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void dropoutKeepsTheExpectedShareAndDependsOnTheKeyAlone(Engine engine) {
    NetworkSpec spec = dropout(0.3f);
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(1, 1))) {
      network.load(new float[2000]);
      MicroBatch batch = new MicroBatch(spec.input(), 1);
      batch.add(1);
      Arrays.fill(batch.images(), 1);
      batch.setKey(5);
      float[] first = gradient(network, batch);
      float[] again = gradient(network, batch);
      batch.setKey(6);
      float[] other = gradient(network, batch);
      assertThat(again).isEqualTo(first);
      assertThat(other).isNotEqualTo(first);
      int kept = 0;
      for (float number : first) {
        // The logit is 0, so its gradient is −1/2; what is kept is divided by 0.7.
        assertThat(number).isIn(0f, -0.5f * (1 / (1 - 0.3f)));
        kept += number == 0 ? 0 : 1;
      }
      assertThat(kept / 2000.0).isCloseTo(0.7, within(0.04)); // four standard deviations
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void inferenceDropsNothing(Engine engine) {
    NetworkSpec spec = dropout(0.5f);
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.inference(1, 1))) {
      float[] ones = new float[2000];
      Arrays.fill(ones, 1);
      network.load(ones);
      MicroBatch batch = new MicroBatch(spec.input(), 1);
      batch.add(0);
      Arrays.fill(batch.images(), 0.5f);
      Outputs outputs = new Outputs(spec, 1);
      network.infer(batch, outputs);
      assertThat(outputs.get("number")[0]).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void frozenSlicesHaveNoGradientAndTheOthersHaveTheirs(Engine engine) {
    NetworkSpec all = EngineCases.narrowLeNet();
    NetworkSpec some = all.withFrozen(name -> name.equals("conv1") || name.equals("dense1"));
    MicroBatch batch = TestNetworks.batch(all, 3, 1);
    try (CompiledNetwork whole = engine.compile(all, CompileOptions.training(3, 1));
        CompiledNetwork partly = engine.compile(some, CompileOptions.training(3, 1))) {
      float[] parameters = TestNetworks.parameters(whole.layout(), 2);
      whole.load(parameters);
      partly.load(parameters);
      float[] expected = gradient(whole, batch);
      float[] found = gradient(partly, batch);
      for (ParameterSlice slice : partly.layout().slices()) {
        for (int i = slice.offset(); i < slice.end(); i++) {
          assertThat(found[i]).as(slice.name()).isEqualTo(slice.isTrained() ? expected[i] : 0);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aFrozenBatchNormComputesInTrainingWhatItComputesInInference(Engine engine) {
    NetworkSpec spec =
        NetworkSpec.builder("norm", Shape.of(3, 4, 4))
            .add("norm", BatchNorm.standard())
            .add("flatten", new Flatten())
            .add("last", Dense.of(1))
            .output("number", new SigmoidCrossEntropy(), 1)
            .build()
            .withFrozen("norm"::equals);
    MicroBatch batch = TestNetworks.batch(spec, 2, 1);
    batch.labels()[0] = 0;
    batch.labels()[1] = 0;
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(2, 1))) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      Outputs outputs = new Outputs(spec, 2);
      network.infer(batch, outputs);
      float[] gradient = new float[network.layout().size()];
      double loss = network.step(batch, gradient, GradientListener.NONE).lossSum();
      double expected = 0;
      for (float logit : outputs.get("number")) {
        expected += Math.log1p(Math.exp(logit));
      }
      assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void outputsForTrainingOnlyAreAbsentInInference(Engine engine) {
    NetworkSpec spec = TrainingCases.auxiliary();
    MicroBatch batch = TestNetworks.batch(spec, 2, 1);
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(2, 1))) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      Outputs outputs = new Outputs(spec, 2);
      network.infer(batch, outputs);
      assertThatThrownBy(() -> outputs.get("auxiliary"))
          .hasMessage("no output is named auxiliary, there are [class]");
      float[] gradient = gradient(network, batch);
      ParameterSlice side = network.layout().slice("side.weight");
      assertThat(GradientCheck.largest(gradient, side.offset(), side.end())).isPositive();
    }
  }

  static Stream<Arguments> enginesAndPrecisions() {
    return engines()
        .flatMap(
            engine ->
                Stream.of(Precision.values()).map(precision -> Arguments.of(engine, precision)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndPrecisions")
  void theFirstLayerThatIsNotFiniteIsNamed(Engine engine, Precision precision) {
    NetworkSpec spec =
        NetworkSpec.builder("overflow", Shape.of(1, 6, 6))
            .add("conv1", Conv2d.of(2, 3))
            .add("relu1", new Relu())
            .add("conv2", Conv2d.of(2, 3))
            .add("relu2", new Relu())
            .add("flatten", new Flatten())
            .add("last", Dense.of(3))
            .classify("class")
            .build();
    ParameterLayout layout = ParameterLayout.of(spec);
    MicroBatch batch = TestNetworks.batch(spec, 2, 1);
    try (CompiledNetwork network =
        engine.compile(spec, CompileOptions.training(2, 1).withPrecision(precision))) {
      float[] parameters = TestNetworks.parameters(layout, 2);
      network.load(parameters);
      assertThat(network.firstNonFiniteLayer(batch)).isEmpty();
      parameters[layout.slice("conv2.bias").offset() + 1] = Float.POSITIVE_INFINITY;
      network.load(parameters);
      assertThat(network.firstNonFiniteLayer(batch)).contains("conv2");
      parameters[layout.slice("last.weight").offset()] = Float.NaN;
      parameters[layout.slice("conv2.bias").offset() + 1] = 0;
      network.load(parameters);
      assertThat(network.firstNonFiniteLayer(batch)).contains("last");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void targetsOfAnotherWidthOrRangeAreRefused(Engine engine) {
    NetworkSpec spec =
        NetworkSpec.builder("labels", Shape.of(3))
            .add("last", Dense.of(4))
            .output("labels", new SigmoidCrossEntropy(), 1)
            .build();
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(2, 1))) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      MicroBatch narrow = TestNetworks.batch(spec, 2, 1, 3);
      assertThatThrownBy(() -> gradient(network, narrow))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected 4 targets an example, got 3");
      MicroBatch outside = TestNetworks.batch(spec, 2, 1, 4);
      outside.targets()[5] = 1.5f;
      assertThatThrownBy(() -> gradient(network, outside))
          .hasMessage("example 1: targets must be in [0.0, 1.0], got 1.5");
    }
  }

  /** Each row is a loss and what it does not take. */
  static Stream<Arguments> enginesAndBadTargets() {
    return engines()
        .flatMap(
            engine ->
                Stream.of(
                    Arguments.of(engine, new SoftmaxCrossEntropy(), -0.5f, "in [0.0, 1.0]"),
                    Arguments.of(engine, new SoftmaxCrossEntropy(), Float.NaN, "in [0.0, 1.0]"),
                    Arguments.of(engine, new SigmoidCrossEntropy(), Float.NaN, "in [0.0, 1.0]"),
                    Arguments.of(engine, new MeanSquaredError(), Float.NaN, "in [-3.4028235E38")));
  }

  @ParameterizedTest
  @MethodSource("enginesAndBadTargets")
  void targetsThatWouldMakeTheLossMeaninglessAreRefused(
      Engine engine, Loss loss, float target, String range) {
    NetworkSpec spec =
        NetworkSpec.builder("targets", Shape.of(3))
            .add("last", Dense.of(4))
            .output("class", loss, 1)
            .build();
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(2, 1))) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      MicroBatch batch = TestNetworks.batch(spec, 2, 1, 4);
      batch.targets()[6] = target;
      assertThatThrownBy(() -> gradient(network, batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("example 1: targets must be " + range)
          .hasMessageEndingWith("got " + target);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aNetworkThatIsFrozenAltogetherHasALossButNoGradient(Engine engine) {
    NetworkSpec all = EngineCases.smallResidualNetwork();
    MicroBatch batch = TestNetworks.batch(all, 3, 1);
    NetworkSpec frozen = all.withFrozen(name -> true);
    try (CompiledNetwork network = engine.compile(frozen, CompileOptions.training(3, 1))) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      float[] gradient = new float[network.layout().size()];
      Arrays.fill(gradient, Float.NaN);
      StepResult result = network.step(batch, gradient, GradientListener.NONE);
      assertThat(result.lossSum()).isPositive().isFinite();
      assertThat(gradient).containsOnly(0);
    }
  }

  /** What is not computed needs no room. */
  @ParameterizedTest
  @MethodSource("engines")
  void gradientsAreComputedNeitherForFrozenLayersNorBelowTheLowestTrained(Engine engine) {
    NetworkSpec all = EngineCases.narrowLeNet();
    long whole = plan(engine, all).activations();
    long above = plan(engine, all.withFrozen(name -> !name.equals("dense2"))).activations();
    long none = plan(engine, all.withFrozen(name -> true)).activations();
    assertThat(above).isLessThan(whole * 4 / 5);
    assertThat(none).isLessThanOrEqualTo(above);
  }

  private static MemoryPlan plan(Engine engine, NetworkSpec spec) {
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(64, 1))) {
      return network.memoryPlan();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theListenerHearsOfFrozenRangesToo(Engine engine) {
    NetworkSpec spec = EngineCases.narrowLeNet().withFrozen(name -> !name.equals("dense2"));
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(2, 1))) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      float[] gradient = new float[network.layout().size()];
      int[] covered = {0};
      network.step(TestNetworks.batch(spec, 2, 1), gradient, (from, to) -> covered[0] += to - from);
      assertThat(covered[0]).isEqualTo(gradient.length);
    }
  }

  private static float[] gradient(CompiledNetwork network, MicroBatch batch) {
    float[] gradient = new float[network.layout().size()];
    network.step(batch, gradient, GradientListener.NONE);
    return gradient;
  }

  /** Both engines draw the same masks, or their losses would differ by tens of percent. */
  static List<Float> rates() {
    return List.of(0.1f, 0.5f, 0.9f);
  }

  @ParameterizedTest
  @MethodSource("rates")
  void enginesDrawTheSameMasks(float rate) {
    NetworkSpec spec = dropout(rate);
    float[] parameters = new float[2000];
    Arrays.fill(parameters, 0.01f);
    MicroBatch batch = TestNetworks.batch(spec, 3, 9);
    Arrays.fill(batch.labels(), 1);
    List<double[]> losses =
        engines()
            .map(
                engine -> {
                  try (CompiledNetwork network =
                      engine.compile(spec, CompileOptions.training(3, 1))) {
                    network.load(parameters);
                    float[] gradient = new float[2000];
                    return new double[] {
                      network.step(batch, gradient, GradientListener.NONE).lossSum()
                    };
                  }
                })
            .toList();
    for (double[] loss : losses) {
      assertThat(loss[0]).isCloseTo(losses.get(0)[0], within(1e-5 * losses.get(0)[0]));
    }
  }
}
