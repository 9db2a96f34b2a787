package org.convoyml.nn.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.engine.TestNetworks;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.Loss;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterSlice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of layer and loss against PyTorch's, which {@code scripts/oracle/layers.py} ran in
 * double precision: the output in inference, and in training the loss and the gradients of all
 * parameters. The layer stands behind a probe, whose gradient is that of the layer's input; the
 * script explains how.
 */
class LayerGoldenTest {
  /**
   * All but three cases are within 1e-6 on both engines: sums have up to 288 products, each rounded
   * to 24 bits. In the backward passes of batch norm and softmax numbers cancel.
   */
  private static final double TOLERANCE = 1e-5;

  private static final List<String> ENGINES = List.of("reference", "onednn");

  private static final List<String> FILES =
      List.of("activations", "convolutions", "pooling", "others", "losses");

  /**
   * A line of a golden file.
   *
   * @param inputScale of the probe's weights, which are the layer's input
   * @param labels of each example; null if all are 0
   * @param targetWidth of each example; 0 for none
   * @param targets {@code (N, targetWidth)}; null for those that the counter makes
   * @param loss in training
   * @param tensors the output in inference, then gradients by the parameter's name
   */
  record Case(
      String name,
      JsonNode network,
      double inputScale,
      List<Integer> labels,
      int targetWidth,
      List<Float> targets,
      double loss,
      List<GoldenTensor> tensors) {
    NetworkSpec spec() {
      return NetworkJson.read(network.toString(), name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Case> cases() {
    return FILES.stream()
        .flatMap(file -> GoldenTensor.lines("layers/" + file + ".jsonl").stream())
        .map(line -> GoldenTensor.parse(line, Case.class));
  }

  static Stream<Arguments> enginesAndCases() {
    return ENGINES.stream().flatMap(engine -> cases().map(golden -> Arguments.of(engine, golden)));
  }

  @Test
  void everyKindOfLayerAndLossIsCompared() {
    List<NetworkSpec> networks = cases().map(Case::spec).toList();
    Set<Class<?>> layers =
        networks.stream()
            .flatMap(network -> network.layers().stream())
            .map(node -> node.layer().getClass())
            .collect(Collectors.toSet());
    // PyTorch draws other masks for dropout than we do.
    assertThat(TestNetworks.kindsOf(LayerSpec.class))
        .filteredOn(kind -> kind != Dropout.class)
        .allSatisfy(kind -> assertThat(layers).contains(kind));
    Set<Class<?>> losses =
        networks.stream()
            .map(network -> network.primaryOutput().loss().getClass())
            .collect(Collectors.toSet());
    assertThat(losses).containsAll(TestNetworks.kindsOf(Loss.class));
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void outputsLossesAndGradientsAreThoseOfPyTorch(String engineName, Case golden) {
    Engine engine =
        Engines.all().stream()
            .filter(found -> found.name().equals(engineName))
            .findFirst()
            .orElseThrow();
    Optional<String> unavailable = engine.unavailable();
    assumeTrue(
        unavailable.isEmpty(), () -> engineName + " cannot run here: " + unavailable.orElse(""));
    NetworkSpec spec = golden.spec();
    MicroBatch batch = batch(golden, spec);
    try (CompiledNetwork network = engine.compile(spec, CompileOptions.training(batch.size(), 1))) {
      network.load(parameters(golden, network));
      float[] gradient = new float[network.layout().size()];
      StepResult step = network.step(batch, gradient, GradientListener.NONE);
      assertThat(step.lossSum())
          .isCloseTo(golden.loss(), within(TOLERANCE * Math.abs(golden.loss())));
      assertThat(golden.tensors().stream().skip(1).map(GoldenTensor::name))
          .containsExactlyInAnyOrderElementsOf(
              network.layout().slices().stream().map(ParameterSlice::name).toList());
      for (GoldenTensor tensor : golden.tensors().subList(1, golden.tensors().size())) {
        ParameterSlice slice = network.layout().slice(tensor.name());
        tensor.assertMatches(gradient, slice.offset(), slice.end(), TOLERANCE);
      }
      Outputs outputs = new Outputs(spec, batch.size());
      network.infer(batch, outputs);
      float[] output = outputs.get("output");
      golden.tensors().get(0).assertMatches(output, 0, output.length, TOLERANCE);
    }
  }

  private static float[] parameters(Case golden, CompiledNetwork network) {
    float[] vector = GoldenParameters.of(network.layout());
    for (ParameterSlice slice : network.layout().slices()) {
      if (slice.name().startsWith("probe")) {
        GoldenParameters.fill(vector, slice, golden.inputScale(), 0);
      }
    }
    return vector;
  }

  /** The n-th example is one at the n-th input and zero elsewhere. */
  private static MicroBatch batch(Case golden, NetworkSpec spec) {
    int examples = spec.input().channels();
    MicroBatch batch = new MicroBatch(spec.input(), examples, golden.targetWidth());
    for (int n = 0; n < examples; n++) {
      int label = golden.labels() == null ? 0 : golden.labels().get(n);
      batch.images()[batch.add(label) + n] = 1;
    }
    float[] targets = batch.targets();
    if (golden.targets() == null) {
      Counter.fill(targets, 0, targets.length, "targets");
    } else {
      assertThat(golden.targets()).hasSize(targets.length);
      for (int i = 0; i < targets.length; i++) {
        targets[i] = golden.targets().get(i);
      }
    }
    return batch;
  }
}
