package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.spec.ParameterSlice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In bf16 every network is computed too, about as the reference computes it. */
class Bf16Test {
  /**
   * Numbers of 8 bits are wrong by up to 0.4 percent, and each layer adds as much. A layer that is
   * computed wrongly is wrong by tens of percent.
   */
  private static final double TOLERANCE = 0.05;

  static Stream<Arguments> enginesAndCases() {
    return EngineTrainingTest.engines()
        .flatMap(engine -> EngineCases.all().stream().map(tested -> Arguments.of(engine, tested)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void lossesOutputsAndGradientsAreNearTheExactOnes(Engine engine, EngineCase tested) {
    CompileOptions options = CompileOptions.training(tested.maxBatchSize(), 1);
    try (CompiledNetwork network =
            engine.compile(tested.network(), options.withPrecision(Precision.BF16));
        CompiledNetwork reference = new ReferenceEngine().compile(tested.network(), options)) {
      float[] parameters = TestNetworks.parameters(reference.layout(), 21);
      network.load(parameters);
      reference.load(parameters);
      MicroBatch batch = tested.batch(tested.maxBatchSize(), 22);
      float[] gradient = new float[parameters.length];
      float[] expected = new float[parameters.length];
      double loss = network.step(batch, gradient, GradientListener.NONE).lossSum();
      double exact = reference.step(batch, expected, GradientListener.NONE).lossSum();
      assertThat(loss).isCloseTo(exact, within(TOLERANCE * exact));
      assertThat(cosine(network, gradient, expected)).isGreaterThan(0.9);
      assertOutputsAgree(network, reference, batch);
    }
  }

  private static void assertOutputsAgree(
      CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    Outputs outputs = new Outputs(network.network(), batch.size());
    Outputs expected = new Outputs(network.network(), batch.size());
    network.infer(batch, outputs);
    reference.infer(batch, expected);
    String name = network.network().primaryOutput().name();
    float[] exact = expected.get(name);
    double largest = GradientCheck.largest(exact, 0, exact.length);
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) outputs.get(name)[i]).isCloseTo(exact[i], within(TOLERANCE * largest));
    }
  }

  /** Of the angle between two gradients: 1 if they point the same way. */
  private static double cosine(CompiledNetwork network, float[] a, float[] b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (ParameterSlice slice : network.layout().slices()) {
      for (int i = slice.offset(); slice.isTrained() && i < slice.end(); i++) {
        product += (double) a[i] * b[i];
        squaresA += (double) a[i] * a[i];
        squaresB += (double) b[i] * b[i];
      }
    }
    return product / Math.sqrt(squaresA * squaresB);
  }
}
