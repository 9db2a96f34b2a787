package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterSlice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine against the reference on {@link RandomNetworks}. */
class RandomNetworksTest {
  /** For a search through many more. */
  private static final long NETWORKS = Long.getLong("convoy.randomNetworks", 150);

  /** Of the largest difference against the largest number. */
  private static final double VALUES = 1e-4;

  /**
   * Gradients pass through more layers, and small ones are the rest of large ones that cancel;
   * hence also the floor, a share of the network's largest gradient.
   */
  private static final double GRADIENTS = 1e-3;

  private static final double FLOOR = 1e-2;

  /** Below it a variance is that of equal numbers. */
  private static final double NOTHING = 1e-10;

  static Stream<Arguments> networks() {
    return EngineTrainingTest.engines()
        .filter(engine -> !(engine instanceof ReferenceEngine))
        .flatMap(
            engine ->
                LongStream.range(0, NETWORKS).mapToObj(seed -> Arguments.of(engine.name(), seed)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void computesWhatTheReferenceComputes(String engine, long seed) {
    NetworkSpec spec = RandomNetworks.network(seed);
    CompileOptions options = CompileOptions.training(6, 1);
    try (CompiledNetwork network = Engines.named(engine).compile(spec, options);
        CompiledNetwork reference = new ReferenceEngine().compile(spec, options)) {
      float[] parameters = TestNetworks.parameters(network.layout(), 3);
      network.load(parameters);
      reference.load(parameters);
      for (int examples : new int[] {6, 5}) {
        MicroBatch batch = TestNetworks.batch(spec, examples, 5);
        assertOutputsAgree(spec, network, reference, batch);
        assertStepsAgree(spec, network, reference, batch);
      }
    }
  }

  private static void assertOutputsAgree(
      NetworkSpec spec, CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    Outputs outputs = new Outputs(spec, batch.size());
    Outputs expected = new Outputs(spec, batch.size());
    network.infer(batch, outputs);
    reference.infer(batch, expected);
    for (OutputSpec output : spec.inferenceOutputs()) {
      float[] wanted = expected.get(output.name());
      double scale = GradientCheck.largest(wanted, 0, wanted.length);
      assertThat(difference(outputs.get(output.name()), wanted, 0, wanted.length))
          .as("output %s of %s", output.name(), spec)
          .isLessThanOrEqualTo(VALUES * Math.max(scale, 1e-3));
    }
  }

  private static void assertStepsAgree(
      NetworkSpec spec, CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    float[] gradient = new float[network.layout().size()];
    float[] wanted = new float[gradient.length];
    double loss = network.step(batch, gradient, GradientListener.NONE).lossSum();
    double wantedLoss = reference.step(batch, wanted, GradientListener.NONE).lossSum();
    assertThat(Math.abs(loss - wantedLoss))
        .as("loss of %s", spec)
        .isLessThanOrEqualTo(VALUES * wantedLoss);
    double largest = 0;
    for (ParameterSlice slice : network.layout().slices()) {
      if (slice.spec().kind().isTrainable()) {
        largest = Math.max(largest, GradientCheck.largest(wanted, slice.offset(), slice.end()));
      }
    }
    for (ParameterSlice slice : network.layout().slices()) {
      double own = GradientCheck.largest(wanted, slice.offset(), slice.end());
      double floor = slice.spec().kind().isTrainable() ? FLOOR * largest : 0;
      assertThat(difference(gradient, wanted, slice.offset(), slice.end()))
          .as("%s of %s", slice.name(), spec)
          .isLessThanOrEqualTo(GRADIENTS * Math.max(own, floor) + NOTHING);
    }
  }

  private static double difference(float[] found, float[] expected, int from, int to) {
    double worst = 0;
    for (int i = from; i < to; i++) {
      double difference = Math.abs((double) found[i] - expected[i]);
      // Not Math.max alone: NaN must not hide behind a number.
      worst = difference <= worst ? worst : difference;
    }
    return worst;
  }
}
