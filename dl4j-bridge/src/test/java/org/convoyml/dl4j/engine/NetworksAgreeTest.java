package org.convoyml.dl4j.engine;

import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.engine.Agreement;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.EngineCase;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks: Deeplearning4j against the reference, and against oneDNN. */
class NetworksAgreeTest {
  private static final Agreement AGREEMENT = new Agreement(1e-4, 1e-3);
  private static final int STEPS = 20;

  /**
   * The network, and a learning rate so small that roundings do not grow: batch norm of four random
   * images is chaotic otherwise.
   */
  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(Zoo.build("lenet", Shape.of(1, 28, 28), 10), 0.01f),
        Arguments.of(narrow(Zoo.build("vgg16", Shape.of(3, 32, 32), 10), 8), 0.001f),
        Arguments.of(narrow(Zoo.build("resnet20", Shape.of(3, 16, 16), 10), 4), 0.001f),
        Arguments.of(narrow(Zoo.build("squeezenet1_1", Shape.of(3, 48, 48), 10), 4), 0.001f));
  }

  /** With so many times fewer filters and units, but for the classes. */
  private static NetworkSpec narrow(NetworkSpec wide, int divisor) {
    String last = wide.primaryOutput().layer();
    List<LayerNode> layers =
        wide.layers().stream()
            .map(
                node ->
                    node.name().equals(last) || isClassifier(node, wide)
                        ? node
                        : new LayerNode(node.name(), narrow(node.layer(), divisor), node.inputs()))
            .toList();
    return new NetworkSpec(wide.name() + " narrow", wide.input(), layers, wide.outputs());
  }

  /** SqueezeNet's is a convolution. */
  private static boolean isClassifier(LayerNode node, NetworkSpec network) {
    return node.layer() instanceof Conv2d conv && conv.filters() == network.classes();
  }

  private static LayerSpec narrow(LayerSpec layer, int divisor) {
    if (layer instanceof Conv2d conv) {
      return new Conv2d(
          conv.filters() / divisor,
          conv.kernel(),
          conv.stride(),
          conv.padding(),
          conv.dilation(),
          conv.groups(),
          conv.bias(),
          conv.initializer());
    }
    if (layer instanceof Dense dense) {
      return new Dense(dense.units() / divisor, dense.bias(), dense.initializer());
    }
    if (layer instanceof PadShortcut shortcut) {
      return new PadShortcut(shortcut.filters() / divisor, shortcut.stride());
    }
    return layer;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void outputsAndGradientsAgree(NetworkSpec network, float rate) {
    EngineCase tested = new EngineCase(network.name(), network, List.of(2, 3));
    Engine dl4j = Engines.named("dl4j");
    AGREEMENT.check(dl4j, Engines.named("reference"), tested);
    AGREEMENT.check(dl4j, Engines.named("onednn"), tested);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void parametersStayTogetherInTwentyStepsOfMomentum(NetworkSpec network, float rate) {
    Engine reference = Engines.named("reference");
    Agreement together = new Agreement(1e-4, 1e-2);
    together.checkTraining(Engines.named("dl4j"), reference, network, 4, STEPS, rate);
    together.checkTraining(Engines.named("onednn"), reference, network, 4, STEPS, rate);
  }
}
