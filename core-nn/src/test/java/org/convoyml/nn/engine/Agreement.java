package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.Sgd;

/**
 * One engine against another, tensor by tensor.
 *
 * @param values allowed {@code max|a−b|} of losses and outputs, relative to {@code max|b|}
 * @param gradients the same for gradients
 */
public record Agreement(double values, double gradients) {
  /**
   * Computes a case on both, in training and in inference, with equal parameters.
   *
   * @throws AssertionError naming the tensor that differs
   */
  public void check(Engine engine, Engine oracle, EngineCase tested) {
    CompileOptions options = CompileOptions.training(tested.maxBatchSize(), 1);
    try (CompiledNetwork network = engine.compile(tested.network(), options);
        CompiledNetwork reference = oracle.compile(tested.network(), options)) {
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

  /** The same in inference only, for an engine that cannot train the case. */
  public void checkInference(Engine engine, Engine oracle, EngineCase tested) {
    CompileOptions options = CompileOptions.inference(tested.maxBatchSize(), 1);
    try (CompiledNetwork network = engine.compile(tested.network(), options);
        CompiledNetwork reference = oracle.compile(tested.network(), options)) {
      float[] parameters = TestNetworks.parameters(reference.layout(), 21);
      network.load(parameters);
      reference.load(parameters);
      for (int examples : tested.batchSizes()) {
        assertOutputsAgree(network, reference, tested.batch(examples, 22));
      }
    }
  }

  /** Trains both for some steps with momentum; their parameters must stay together. */
  public void checkTraining(
      Engine engine, Engine oracle, NetworkSpec spec, int examples, int steps, float rate) {
    float[] start = TestNetworks.parameters(ParameterLayout.of(spec), 31);
    float[] found = trained(engine, spec, start, examples, steps, rate);
    float[] expected = trained(oracle, spec, start, examples, steps, rate);
    for (ParameterSlice slice : ParameterLayout.of(spec).slices()) {
      double moved = 0;
      double apart = 0;
      for (int i = slice.offset(); i < slice.end(); i++) {
        moved = Math.max(moved, Math.abs((double) expected[i] - start[i]));
        apart = Math.max(apart, Math.abs((double) found[i] - expected[i]));
      }
      assertThat(moved).as("%s has moved", slice.name()).isPositive();
      assertThat(apart)
          .as("%s after %d steps, which moved it by %s", slice.name(), steps, moved)
          .isLessThanOrEqualTo(gradients * moved);
    }
  }

  private static float[] trained(
      Engine engine, NetworkSpec spec, float[] start, int examples, int steps, float rate) {
    float[] parameters = start.clone();
    float[] gradient = new float[start.length];
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(examples, 1))) {
      ParameterUpdate update =
          new ParameterUpdate(network.layout(), new Sgd(0.9f), 0, start.length);
      for (int step = 0; step < steps; step++) {
        network.load(parameters);
        MicroBatch batch = TestNetworks.batch(spec, examples, 40 + step % 4);
        network.step(batch, gradient, GradientListener.NONE);
        update.apply(parameters, gradient, examples, rate);
      }
    }
    return parameters;
  }

  private void assertStepsAgree(
      CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    float[] gradient = new float[network.layout().size()];
    float[] expected = new float[gradient.length];
    StepResult result = network.step(batch, gradient, GradientListener.NONE);
    StepResult wanted = reference.step(batch, expected, GradientListener.NONE);
    assertThat(Math.abs(result.lossSum() - wanted.lossSum()))
        .as("loss of %d examples: %s, not %s", batch.size(), result.lossSum(), wanted.lossSum())
        .isLessThanOrEqualTo(values * Math.abs(wanted.lossSum()));
    assertThat(result.correct()).isEqualTo(wanted.correct());
    for (ParameterSlice slice : network.layout().slices()) {
      assertAgree(
          slice.name(), batch.size(), gradient, expected, slice.offset(), slice.end(), gradients);
    }
  }

  private void assertOutputsAgree(
      CompiledNetwork network, CompiledNetwork reference, MicroBatch batch) {
    Outputs outputs = new Outputs(network.network(), batch.size());
    Outputs expected = new Outputs(network.network(), batch.size());
    network.infer(batch, outputs);
    reference.infer(batch, expected);
    for (OutputSpec output : network.network().inferenceOutputs()) {
      float[] numbers = outputs.get(output.name());
      assertAgree(
          output.name(),
          batch.size(),
          numbers,
          expected.get(output.name()),
          0,
          numbers.length,
          values);
    }
  }

  private static void assertAgree(
      String tensor,
      int examples,
      float[] found,
      float[] expected,
      int from,
      int to,
      double tolerance) {
    double worst = 0;
    for (int i = from; i < to; i++) {
      worst = Math.max(worst, Math.abs((double) found[i] - expected[i]));
    }
    assertThat(worst)
        .as("max|a-b| of %s for %d examples", tensor, examples)
        .isLessThanOrEqualTo(tolerance * GradientCheck.largest(expected, from, to));
  }
}
