package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine promises. A subclass names the engine and how exact its arithmetic is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {
  /** The engine under test. */
  protected abstract Engine engine();

  /** {@code h} of the difference quotients: a power of two, at least 2^-14. */
  protected abstract float finiteDifferenceStep();

  /**
   * Allowed error of a gradient's element against its difference quotient, relative to the largest
   * element of its tensor. The quotient of a loss {@code L} that is rounded to relative {@code ε}
   * is itself wrong by about {@code ε·L/h}, and by {@code h²} for cutting off its series.
   */
  protected abstract double finiteDifferenceTolerance();

  /**
   * Allowed difference of two ways to sum the same numbers, relative to the largest; the gradient
   * itself is rounded to float in every engine.
   */
  protected double roundingTolerance() {
    return 1e-5;
  }

  /** What the engine must compute: every case, unless it lacks a layer. */
  protected Stream<EngineCase> cases() {
    return EngineCases.all().stream();
  }

  /** Of these, gradients are compared with difference quotients, which takes a while. */
  protected Stream<EngineCase> differentiated() {
    return cases();
  }

  @ParameterizedTest
  @MethodSource("differentiated")
  void gradientsMatchDifferenceQuotients(EngineCase tested) {
    // The largest size would only take longer.
    for (int examples : tested.batchSizes().subList(0, 2)) {
      try (GradientCheck check =
          new GradientCheck(
              engine(), tested, examples, finiteDifferenceStep(), finiteDifferenceTolerance())) {
        check.check();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void smallerMicroBatchesGiveWhatANetworkCompiledForThemGives(EngineCase tested) {
    try (CompiledNetwork large = compile(tested.network(), tested.maxBatchSize())) {
      step(large, batch(tested, tested.maxBatchSize()));
      for (int examples : tested.batchSizes()) {
        try (CompiledNetwork exact = compile(tested.network(), examples)) {
          float[] expected = step(exact, batch(tested, examples));
          assertClose(large, step(large, batch(tested, examples)), expected);
          assertThat(inferAll(large, batch(tested, examples)))
              .containsExactly(inferAll(exact, batch(tested, examples)), within(1e-5f));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameStepGivesTheSameBitsWhateverCameBetween(EngineCase tested) {
    MicroBatch batch = batch(tested, tested.maxBatchSize());
    try (CompiledNetwork network = compile(tested.network(), tested.maxBatchSize());
        CompiledNetwork again = compile(tested.network(), tested.maxBatchSize())) {
      float[] first = step(network, batch);
      float[] outputs = inferAll(network, batch);
      step(network, batch(tested, tested.batchSizes().get(0)));
      inferAll(network, batch(tested, tested.batchSizes().get(0)));
      assertThat(step(network, batch)).isEqualTo(first);
      assertThat(inferAll(network, batch)).isEqualTo(outputs);
      assertThat(step(again, batch)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theGradientIsTheSumOverSingleExamples(EngineCase tested) {
    if (!tested.examplesAreIndependent()) {
      return; // batch norm couples them
    }
    MicroBatch batch = batch(tested, tested.maxBatchSize());
    try (CompiledNetwork network = compile(tested.network(), tested.maxBatchSize())) {
      float[] whole = step(network, batch);
      double[] sum = new double[whole.length];
      float[] largest = new float[whole.length];
      for (int n = 0; n < batch.size(); n++) {
        float[] single = step(network, TestNetworks.single(batch, n));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += single[i];
          largest[i] = Math.max(largest[i], Math.abs(single[i]));
        }
      }
      for (ParameterSlice slice : network.layout().slices()) {
        double scale = GradientCheck.largest(largest, slice.offset(), slice.end());
        for (int i = slice.offset(); i < slice.end(); i++) {
          assertThat((double) whole[i])
              .as("%s[%d]", slice.name(), i - slice.offset())
              .isCloseTo(sum[i], within(batch.size() * roundingTolerance() * scale));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theListenerHearsOfEveryRangeOnceFromTheEndAndWhenItIsFinal(EngineCase tested) {
    MicroBatch batch = batch(tested, tested.maxBatchSize());
    try (CompiledNetwork network = compile(tested.network(), tested.maxBatchSize())) {
      network.load(TestNetworks.parameters(network.layout(), 3));
      float[] gradient = new float[network.layout().size()];
      Arrays.fill(gradient, Float.NaN); // what an earlier step left must not shine through
      float[] heard = new float[gradient.length];
      List<Integer> bounds = new ArrayList<>(List.of(gradient.length));
      network.step(
          batch,
          gradient,
          (from, to) -> {
            assertThat(to).isEqualTo(bounds.get(bounds.size() - 1));
            assertThat(from).isLessThan(to);
            bounds.add(from);
            System.arraycopy(gradient, from, heard, from, to - from);
          });
      assertThat(bounds).last().isEqualTo(0);
      assertThat(gradient).doesNotContain(Float.NaN).isEqualTo(heard);
    }
  }

  @Test
  void withoutWeightsTheLossIsThatOfAGuessAndTheFirstOfEqualClassesCounts() {
    NetworkSpec spec = TestNetworks.twoOutputs();
    MicroBatch batch = TestNetworks.batch(spec, 6, 4);
    long first = Arrays.stream(batch.labels()).filter(label -> label == 0).count();
    try (CompiledNetwork network = engine().compile(spec, CompileOptions.training(6, 1))) {
      float[] gradient = new float[network.layout().size()];
      network.load(new float[network.layout().size()]);
      StepResult result = network.step(batch, gradient, GradientListener.NONE);
      assertThat(result.examples()).isEqualTo(6);
      assertThat(result.lossSum()).isCloseTo(6 * (Math.log(4) + 0.3f * Math.log(3)), within(1e-5));
      assertThat(result.correct()).isEqualTo((int) first).isPositive();
      assertThat(network.step(batch, gradient, GradientListener.NONE)).isSameAs(result);
    }
  }

  @Test
  void runningStatisticsOfMapsAreMeanAndUnbiasedVarianceTimesTheExamples() {
    // Channel 0 holds 1 2 3 4 and 5 6 7 8; channel 1 twice as much.
    float[] gradient =
        stepOfBatchNorm(
            Shape.of(2, 2, 2), 2, new float[] {1, 2, 3, 4, 2, 4, 6, 8, 5, 6, 7, 8, 10, 12, 14, 16});
    // Layout: scale, shift, running mean, running variance, each of two channels.
    assertThat(Arrays.copyOfRange(gradient, 4, 8))
        .containsExactly(new float[] {2 * 4.5f, 2 * 9, 2 * 6, 2 * 24}, within(1e-4f));
  }

  @Test
  void runningStatisticsOfFeaturesAreTakenOverTheExamples() {
    float[] gradient = stepOfBatchNorm(Shape.of(2), 3, new float[] {1, 10, 2, 10, 6, 10});
    assertThat(Arrays.copyOfRange(gradient, 4, 8))
        .containsExactly(new float[] {9, 30, 3 * 7, 0}, within(1e-4f));
  }

  @Test
  void theVarianceOfASingleElementIsZero() {
    float[] gradient = stepOfBatchNorm(Shape.of(2), 1, new float[] {3, -4});
    assertThat(Arrays.copyOfRange(gradient, 4, 8)).containsExactly(3, -4, 0, 0);
  }

  /** A batch norm with scale 1 on the given pixels; the gradient of the step. */
  private float[] stepOfBatchNorm(Shape shape, int examples, float[] pixels) {
    NetworkSpec.Builder builder =
        NetworkSpec.builder("norm", shape).add("norm", BatchNorm.standard());
    if (shape.isSpatial()) {
      builder.add("flatten", new Flatten());
    }
    NetworkSpec spec = builder.add("dense", Dense.of(2)).classify("class").build();
    MicroBatch batch = TestNetworks.batch(spec, examples, 5);
    System.arraycopy(pixels, 0, batch.images(), 0, pixels.length);
    try (CompiledNetwork network = compile(spec, examples)) {
      return step(network, batch);
    }
  }

  @Test
  void inferenceNormalisesByTheRunningStatisticsThatWereLoaded() {
    NetworkSpec spec =
        NetworkSpec.builder("norm", Shape.of(2))
            .add("norm", new BatchNorm(0.25f, 0.1f))
            .classify("class")
            .build();
    MicroBatch batch = new MicroBatch(Shape.of(2), 3);
    System.arraycopy(new float[] {1, 2, 5, -2}, 0, batch.images(), batch.add(0), 2);
    System.arraycopy(new float[] {5, -2}, 0, batch.images(), batch.add(1), 2);
    for (CompileOptions.Mode mode : CompileOptions.Mode.values()) {
      try (CompiledNetwork network =
          engine().compile(spec, new CompileOptions(3, 1, mode, CompileOptions.Precision.F32))) {
        // Scale 2 and 3, shift 0 and 1, mean 1 and -2, variance 0.75 and 3.75.
        network.load(new float[] {2, 3, 0, 1, 1, -2, 0.75f, 3.75f});
        Outputs outputs = new Outputs(spec, 3);
        network.infer(batch, outputs);
        assertThat(Arrays.copyOf(outputs.get("class"), 4))
            .containsExactly(new float[] {0, 7, 8, 1}, within(1e-5f));
      }
    }
  }

  @Test
  void aStepChangesNeitherParametersNorRunningStatistics() {
    EngineCase tested = caseNamed("small residual network");
    MicroBatch batch = batch(tested, 5);
    try (CompiledNetwork network = compile(tested.network(), 5)) {
      float[] before = inferAll(network, batch);
      network.step(batch, new float[network.layout().size()], GradientListener.NONE);
      Outputs outputs = new Outputs(tested.network(), 5);
      network.infer(batch, outputs);
      assertThat(outputs.get("class")).isEqualTo(before);
    }
  }

  @Test
  void theLoadedVectorIsCopied() {
    EngineCase tested = caseNamed("narrow LeNet");
    try (CompiledNetwork network = compile(tested.network(), 2)) {
      float[] vector = TestNetworks.parameters(network.layout(), 3);
      float[] expected = step(network, batch(tested, 2));
      network.load(vector);
      Arrays.fill(vector, 7);
      float[] gradient = new float[vector.length];
      network.step(batch(tested, 2), gradient, GradientListener.NONE);
      assertThat(gradient).isEqualTo(expected);
    }
  }

  @Test
  void aNetworkCompiledForInferenceGivesTheSameOutputsAndRefusesToStep() {
    EngineCase tested = caseNamed("small residual network");
    MicroBatch batch = batch(tested, 3);
    try (CompiledNetwork training = compile(tested.network(), 3);
        CompiledNetwork inference =
            engine().compile(tested.network(), CompileOptions.inference(3, 1))) {
      assertThat(inferAll(inference, batch))
          .containsExactly(inferAll(training, batch), within(1e-5f));
      float[] gradient = new float[inference.layout().size()];
      assertThatThrownBy(() -> inference.step(batch, gradient, GradientListener.NONE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("inference");
      assertThat(inference.memoryPlan().total()).isLessThan(training.memoryPlan().total());
    }
  }

  @Test
  void theMemoryPlanIsHonestAboutItsParts() {
    EngineCase tested = caseNamed("narrow LeNet");
    try (CompiledNetwork network = compile(tested.network(), 4)) {
      MemoryPlan plan = network.memoryPlan();
      assertThat(plan.parameters())
          .isGreaterThanOrEqualTo((long) network.layout().size() * Float.BYTES);
      assertThat(plan.activations()).isGreaterThanOrEqualTo(plan.peakLive());
      assertThat(plan.peakLive())
          .isGreaterThanOrEqualTo(4L * tested.network().input().elements() * Float.BYTES);
    }
  }

  @Test
  void nothingRunsBeforeParametersAreLoaded() {
    EngineCase tested = caseNamed("narrow LeNet");
    MicroBatch batch = batch(tested, 1);
    try (CompiledNetwork network =
        engine().compile(tested.network(), CompileOptions.training(1, 1))) {
      float[] gradient = new float[network.layout().size()];
      Outputs outputs = new Outputs(tested.network(), 1);
      assertThatThrownBy(() -> network.step(batch, gradient, GradientListener.NONE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loaded");
      assertThatThrownBy(() -> network.infer(batch, outputs))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loaded");
    }
  }

  @Test
  void wrongArgumentsAreRefusedWithWhatWasExpectedAndWhatCame() {
    EngineCase tested = caseNamed("narrow LeNet");
    try (CompiledNetwork network = compile(tested.network(), 4)) {
      step(network, batch(tested, 4));
      int size = network.layout().size();
      assertRefused(() -> network.load(new float[size + 1]), size, size + 1);
      float[] gradient = new float[size];
      assertRefused(
          () -> network.step(batch(tested, 2), new float[size - 1], GradientListener.NONE),
          size,
          size - 1);
      assertRefused(() -> network.step(batch(tested, 5), gradient, GradientListener.NONE), 4, 5);
      assertRefused(() -> network.infer(batch(tested, 5), new Outputs(tested.network(), 5)), 4, 5);
      MicroBatch empty = new MicroBatch(tested.network().input(), 2);
      assertRefused(() -> network.step(empty, gradient, GradientListener.NONE), 4, 0);
      assertRefused(() -> network.infer(batch(tested, 3), new Outputs(tested.network(), 2)), 12, 8);
      MicroBatch wrongShape = new MicroBatch(Shape.of(1, 15, 16), 1);
      wrongShape.add(0);
      assertRefused(
          () -> network.step(wrongShape, gradient, GradientListener.NONE), "1×16×16", "1×15×16");
      for (int label : new int[] {-1, 4}) {
        MicroBatch wrongLabel = batch(tested, 2);
        wrongLabel.labels()[1] = label;
        assertRefused(() -> network.step(wrongLabel, gradient, GradientListener.NONE), 4, label);
      }
    }
  }

  private static void assertRefused(Runnable call, Object expected, Object found) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(expected))
        .hasMessageContaining(String.valueOf(found));
  }

  @Test
  void aClosedNetworkRefusesWorkAndMayBeClosedAgain() {
    EngineCase tested = caseNamed("narrow LeNet");
    CompiledNetwork network = compile(tested.network(), 2);
    float[] gradient = step(network, batch(tested, 2));
    network.close();
    network.close();
    assertThatThrownBy(() -> network.step(batch(tested, 2), gradient, GradientListener.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> network.load(new float[gradient.length]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> network.infer(batch(tested, 2), new Outputs(tested.network(), 2)))
        .isInstanceOf(IllegalStateException.class);
  }

  private CompiledNetwork compile(NetworkSpec spec, int examples) {
    return engine().compile(spec, CompileOptions.training(examples, 1));
  }

  private static EngineCase caseNamed(String name) {
    return EngineCases.all().stream()
        .filter(tested -> tested.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static MicroBatch batch(EngineCase tested, int examples) {
    return tested.batch(examples, 5);
  }

  /** The gradient of one step from the parameters that all tests use. */
  private static float[] step(CompiledNetwork network, MicroBatch batch) {
    float[] gradient = new float[network.layout().size()];
    network.load(TestNetworks.parameters(network.layout(), 3));
    network.step(batch, gradient, GradientListener.NONE);
    return gradient;
  }

  /** The values of the primary output. */
  private static float[] inferAll(CompiledNetwork network, MicroBatch batch) {
    network.load(TestNetworks.parameters(network.layout(), 3));
    Outputs outputs = new Outputs(network.network(), batch.size());
    network.infer(batch, outputs);
    return outputs.get(network.network().primaryOutput().name());
  }

  private void assertClose(CompiledNetwork network, float[] found, float[] expected) {
    for (ParameterSlice slice : network.layout().slices()) {
      double scale = GradientCheck.largest(expected, slice.offset(), slice.end());
      for (int i = slice.offset(); i < slice.end(); i++) {
        assertThat((double) found[i])
            .as("%s[%d]", slice.name(), i - slice.offset())
            .isCloseTo(expected[i], within(roundingTolerance() * scale));
      }
    }
  }
}
