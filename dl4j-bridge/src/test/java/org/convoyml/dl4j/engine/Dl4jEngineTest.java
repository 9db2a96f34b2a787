package org.convoyml.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.convoyml.dl4j.graph.UnsupportedLayerException;
import org.convoyml.nn.engine.Agreement;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.EngineCase;
import org.convoyml.nn.engine.EngineCases;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Deeplearning4j against the reference, layer by layer. */
class Dl4jEngineTest {
  private static final Agreement AGREEMENT = new Agreement(1e-4, 1e-3);

  private static final String FROZEN_NORMS =
      "all frozen but the last|frozen norms|one frozen in the middle";

  /** What Deeplearning4j lacks: the names of the cases, and how it is called. */
  private static final Map<Predicate<String>, String> LACKING =
      Map.of(
          name -> name.equals("convolution in 3 groups"),
          "convolution in 3 groups of several channels",
          name ->
              name.contains("pool, asymmetric padding")
                  || name.equals("max pool, padded, ceil mode")
                  || name.equals("max pool, ceil mode, longer than the map"),
          "pooling of",
          name -> name.contains("ceil mode") && name.contains("padding counts"),
          "average pooling that counts some of a border only",
          name -> name.startsWith("Elu[alpha=0.3]"),
          "right gradient of ELU with alpha 0.3",
          name -> name.startsWith("Gelu") || name.contains("norm, sum and activation"),
          "exact GELU, only approximations",
          name -> name.startsWith("HardSwish"),
          "hard swish",
          name -> name.startsWith("Softmax[] behind a") && !name.contains("dense"),
          "softmax over the channels of a feature map",
          name -> name.startsWith("response norm"),
          "local response norm",
          name -> name.matches(FROZEN_NORMS),
          "gradient through a frozen batch norm");

  static Stream<Arguments> cases() {
    return EngineCases.all().stream().map(tested -> Arguments.of(tested, lacking(tested)));
  }

  /** What Deeplearning4j lacks for a case; empty if nothing. */
  static String lacking(EngineCase tested) {
    return LACKING.entrySet().stream()
        .filter(entry -> entry.getKey().test(tested.name()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void lossesGradientsAndOutputsAgreeWithTheReference(EngineCase tested, String lacking) {
    Engine engine = new Dl4jEngine();
    Engine reference = Engines.named("reference");
    if (lacking.isEmpty()) {
      AGREEMENT.check(engine, reference, tested);
    } else {
      assertThatThrownBy(() -> AGREEMENT.check(engine, reference, tested))
          .isInstanceOf(UnsupportedLayerException.class)
          .hasMessageContaining("Deeplearning4j has no ")
          .hasMessageContaining(lacking);
    }
  }

  static Stream<EngineCase> forInferenceOnly() {
    return EngineCases.all().stream()
        .filter(
            tested ->
                tested
                    .name()
                    .matches("response norm over \\d of \\d+|Elu\\[alpha=0.3.*|" + FROZEN_NORMS));
  }

  /** Their gradients are wrong or missing, not their values. */
  @ParameterizedTest
  @MethodSource("forInferenceOnly")
  void someLayersDoForInference(EngineCase tested) {
    AGREEMENT.checkInference(new Dl4jEngine(), Engines.named("reference"), tested);
  }

  @Test
  void itIsFoundByItsName() {
    Engine engine = Engines.named("dl4j");
    assertThat(engine).isInstanceOf(Dl4jEngine.class);
    assertThat(engine.version()).matches("Deeplearning4j 1\\.0\\.0-M2, linux-x86_64-onednn-\\S+");
    assertThat(engine.unavailable()).isEmpty();
    assertThat(Engines.best()).as("the fastest").isNotInstanceOf(Dl4jEngine.class);
  }

  @Test
  void theLayerWhereNumbersCeaseToBeFiniteIsNamed() {
    NetworkSpec spec =
        NetworkSpec.builder("overflowing", Shape.of(3))
            .add("first", Dense.of(4))
            .add("relu", new Relu())
            .add("second", Dense.of(2))
            .classify("class")
            .build();
    try (CompiledNetwork network = new Dl4jEngine().compile(spec, CompileOptions.training(2, 1))) {
      float[] parameters = new float[network.layout().size()];
      Arrays.fill(parameters, 1e30f);
      network.load(parameters);
      MicroBatch batch = new MicroBatch(spec.input(), 2);
      batch.add(0);
      Arrays.fill(batch.images(), 1);
      assertThat(network.firstNonFiniteLayer(batch)).contains("second");
    }
  }
}
