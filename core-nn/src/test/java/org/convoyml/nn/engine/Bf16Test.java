package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LeakyRelu;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.Sgd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How far bf16 may be from the truth. */
class Bf16Test {
  /**
   * Of a tensor's gradient, in the Euclidean norm against the gradient's. A bf16 number is off by
   * up to 2^-9 of itself. Through a few layers forward and back, about ten such errors add up at
   * random, √10 · 2^-9 = 0.006, and batch norm over few numbers magnifies them. What is wrong is
   * wrong by tens of percent.
   */
  private static final double TOLERANCE = 0.05;

  /**
   * Where rounding decides which number is the largest, or on which side of a kink one lies, single
   * contributions to a gradient go elsewhere: of the few numbers of these networks up to half.
   */
  private static final double TOLERANCE_AT_KINKS = 0.5;

  static Stream<EngineCase> cases() {
    return EngineCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfTheReferenceButForRounding(EngineCase tested) {
    Engine engine = Engines.best();
    assumeTrue(engine.name().equals("onednn"), "oneDNN cannot run here");
    int examples = tested.maxBatchSize();
    CompileOptions options = CompileOptions.training(examples, 1);
    try (CompiledNetwork network =
            engine.compile(tested.network(), options.withPrecision(Precision.BF16));
        CompiledNetwork reference = new ReferenceEngine().compile(tested.network(), options)) {
      float[] parameters = TestNetworks.parameters(network.layout(), 31);
      float[] found = new float[parameters.length];
      float[] expected = new float[parameters.length];
      network.load(parameters);
      reference.load(parameters);
      MicroBatch batch = tested.batch(examples, 32);
      double loss = network.step(batch, found, GradientListener.NONE).lossSum();
      double wanted = reference.step(batch, expected, GradientListener.NONE).lossSum();
      assertThat(Math.abs(loss - wanted)).as("loss").isLessThanOrEqualTo(TOLERANCE * wanted);
      double tolerance = hasKinks(tested.network()) ? TOLERANCE_AT_KINKS : TOLERANCE;
      double largest = norm(expected, expected, 0, expected.length, 0);
      for (ParameterSlice slice : network.layout().slices()) {
        double size = norm(expected, expected, slice.offset(), slice.end(), 0);
        double error = norm(found, expected, slice.offset(), slice.end(), 1);
        // A tensor without influence has a gradient of nothing but rounding: hence the floor.
        assertThat(error)
            .as("%s of norm %s", slice.name(), size)
            .isLessThanOrEqualTo(tolerance * Math.max(size, 0.05 * largest));
      }
    }
  }

  /** Inference folds and fuses what training does not. */
  @ParameterizedTest
  @MethodSource("cases")
  void outputsOfInferenceAreThoseOfTheReferenceButForRounding(EngineCase tested) {
    int examples = tested.maxBatchSize();
    CompileOptions options = CompileOptions.inference(examples, 1);
    try (CompiledNetwork network =
            Engines.best().compile(tested.network(), options.withPrecision(Precision.BF16));
        CompiledNetwork reference = new ReferenceEngine().compile(tested.network(), options)) {
      float[] parameters = TestNetworks.parameters(network.layout(), 31);
      network.load(parameters);
      reference.load(parameters);
      MicroBatch batch = tested.batch(examples, 32);
      Outputs outputs = new Outputs(tested.network(), examples);
      Outputs expected = new Outputs(tested.network(), examples);
      network.infer(batch, outputs);
      reference.infer(batch, expected);
      String name = tested.network().primaryOutput().name();
      float[] wanted = expected.get(name);
      assertThat(norm(outputs.get(name), wanted, 0, wanted.length, 1))
          .isLessThanOrEqualTo(TOLERANCE * norm(wanted, wanted, 0, wanted.length, 0));
    }
  }

  private static boolean hasKinks(NetworkSpec network) {
    return network.layers().stream()
        .map(LayerNode::layer)
        .anyMatch(
            layer ->
                layer instanceof MaxPool2d
                    || layer instanceof GlobalMaxPool
                    || layer instanceof Relu
                    || layer instanceof Relu6
                    || layer instanceof LeakyRelu);
  }

  /** {@code ‖a − factor·b‖} of a range. */
  private static double norm(float[] a, float[] b, int from, int to, double factor) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double difference = a[i] - factor * b[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** Weights are kept in f32: an update that is too small for bf16 is not lost. */
  @Test
  void smallUpdatesAddUp() {
    NetworkSpec spec = EngineCases.narrowLeNet();
    Engine engine = Engines.best();
    try (CompiledNetwork network =
        engine.compile(spec, CompileOptions.training(8, 1).withPrecision(Precision.BF16))) {
      float[] parameters = ParameterInitializer.initialize(network.layout(), 1);
      ParameterUpdate update =
          new ParameterUpdate(network.layout(), new Sgd(0), 0, parameters.length);
      float[] gradient = new float[parameters.length];
      MicroBatch batch = TestNetworks.batch(spec, 8, 3);
      double first = 0;
      double last = 0;
      for (int step = 0; step < 400; step++) {
        network.load(parameters);
        last = network.step(batch, gradient, GradientListener.NONE).lossSum();
        first = step == 0 ? last : first;
        update.apply(parameters, gradient, 8, 1e-3f);
      }
      assertThat(last).isLessThan(0.9 * first);
    }
  }
}
