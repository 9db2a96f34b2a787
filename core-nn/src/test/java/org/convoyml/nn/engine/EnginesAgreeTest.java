package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterSlice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine against the reference, tensor by tensor. */
class EnginesAgreeTest {
  /** Of {@code max|a−b|} against {@code max|b|}. */
  private static final double TOLERANCE = 1e-4;

  /** The engines that this module is to have; a missing one shows up as a skipped test. */
  private static final List<String> EXPECTED = List.of("onednn");

  static Stream<Arguments> enginesAndCases() {
    return EXPECTED.stream()
        .flatMap(engine -> EngineCases.all().stream().map(tested -> Arguments.of(engine, tested)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void lossesGradientsAndOutputsAgreeWithTheReference(String name, EngineCase tested) {
    Optional<Engine> found =
        Engines.all().stream().filter(engine -> engine.name().equals(name)).findFirst();
    assumeTrue(found.isPresent(), () -> "engine " + name + " is not on the classpath");
    Optional<String> unavailable = found.get().unavailable();
    assumeTrue(unavailable.isEmpty(), () -> name + " cannot run here: " + unavailable.orElse(""));

    CompileOptions options = CompileOptions.training(tested.maxBatchSize(), 1);
    try (CompiledNetwork network = found.get().compile(tested.network(), options);
        CompiledNetwork reference = new ReferenceEngine().compile(tested.network(), options)) {
      assertThat(network.layout().slices()).isEqualTo(reference.layout().slices());
      float[] parameters = TestNetworks.parameters(reference.layout(), 21);
      network.load(parameters);
      reference.load(parameters);
      for (int examples : tested.batchSizes()) {
        MicroBatch batch = tested.batch(examples, 22);
        assertStepsAgree(network, reference, batch);
        assertOutputsAgree(network, reference, batch);
      }
    }
  }

  private static void assertStepsAgree(
      CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    float[] gradient = new float[network.layout().size()];
    float[] expected = new float[gradient.length];
    StepResult result = network.step(batch, gradient, GradientListener.NONE);
    StepResult wanted = reference.step(batch, expected, GradientListener.NONE);
    assertThat(Math.abs(result.lossSum() - wanted.lossSum()))
        .as("loss of %d examples: %s, not %s", batch.size(), result.lossSum(), wanted.lossSum())
        .isLessThanOrEqualTo(TOLERANCE * Math.abs(wanted.lossSum()));
    assertThat(result.correct()).isEqualTo(wanted.correct());
    for (ParameterSlice slice : network.layout().slices()) {
      assertAgree(slice.name(), batch.size(), gradient, expected, slice.offset(), slice.end());
    }
  }

  private static void assertOutputsAgree(
      CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    Outputs outputs = new Outputs(network.network(), batch.size());
    Outputs expected = new Outputs(network.network(), batch.size());
    network.infer(batch, outputs);
    reference.infer(batch, expected);
    for (OutputSpec output : network.network().inferenceOutputs()) {
      float[] values = outputs.get(output.name());
      assertAgree(
          output.name(), batch.size(), values, expected.get(output.name()), 0, values.length);
    }
  }

  private static void assertAgree(
      String tensor, int examples, float[] found, float[] expected, int from, int to) {
    double worst = 0;
    for (int i = from; i < to; i++) {
      worst = Math.max(worst, Math.abs((double) found[i] - expected[i]));
    }
    assertThat(worst)
        .as("max|a-b| of %s for %d examples", tensor, examples)
        .isLessThanOrEqualTo(TOLERANCE * GradientCheck.largest(expected, from, to));
  }
}
