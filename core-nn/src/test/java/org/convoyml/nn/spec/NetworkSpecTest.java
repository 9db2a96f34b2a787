package org.convoyml.nn.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.convoyml.nn.zoo.LeNet;
import org.junit.jupiter.api.Test;

class NetworkSpecTest {
  private static final SoftmaxCrossEntropy LOSS = new SoftmaxCrossEntropy();

  @Test
  void leNetHas431080TrainableParameters() {
    NetworkSpec lenet = LeNet.network(Shape.of(1, 28, 28), 10);
    ParameterLayout layout = ParameterLayout.of(lenet);
    assertThat(layout.parameterCount()).isEqualTo(431_080);
    assertThat(layout.size()).isEqualTo(431_080);
    assertThat(lenet.classes()).isEqualTo(10);
    assertThat(lenet.shapes())
        .containsEntry("conv1", Shape.of(20, 24, 24))
        .containsEntry("pool1", Shape.of(20, 12, 12))
        .containsEntry("conv2", Shape.of(50, 8, 8))
        .containsEntry("flatten", Shape.of(800))
        .containsEntry("dense2", Shape.of(10));
  }

  @Test
  void slicesLieLayerByLayerWithoutGaps() {
    NetworkSpec network =
        NetworkSpec.builder("n", Shape.of(4, 6, 6))
            .add(
                "conv",
                new Conv2d(
                    6,
                    new Size(3, 2),
                    Size.ONE,
                    Padding.NONE,
                    Size.ONE,
                    2,
                    false,
                    Initializer.HE_NORMAL))
            .add("norm", BatchNorm.standard())
            .add("flatten", new Flatten())
            .add("dense", Dense.of(3))
            .classify("class")
            .build();
    ParameterLayout layout = ParameterLayout.of(network);
    assertThat(layout.slices())
        .extracting(slice -> slice.name() + "@" + slice.offset() + slice.spec().shape())
        .containsExactly(
            "conv.weight@0[6, 2, 3, 2]",
            "norm.weight@72[6]",
            "norm.bias@78[6]",
            "norm.running_mean@84[6]",
            "norm.running_var@90[6]",
            "dense.weight@96[3, 120]",
            "dense.bias@456[3]");
    assertThat(layout.size()).isEqualTo(459);
    assertThat(layout.parameterCount()).isEqualTo(459 - 12);
    assertThat(layout.slice("conv.weight").spec().fanIn()).isEqualTo(2 * 6);
    assertThat(layout.slice("conv.weight").spec().fanOut()).isEqualTo(3 * 6);
    assertThatThrownBy(() -> layout.slice("conv.bias"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no parameter is named conv.bias");
  }

  @Test
  void layersMustBeNamedOnceAndComeAfterTheirInputs() {
    NetworkSpec.Builder builder = NetworkSpec.builder("n", Shape.of(3));
    assertThatThrownBy(() -> builder.add("relu", new Relu(), "later").build())
        .hasMessage("relu: no earlier layer is named 'later'");
    assertThatThrownBy(
            () ->
                NetworkSpec.builder("n", Shape.of(3))
                    .add("a", new Relu())
                    .add("a", new Relu())
                    .build())
        .hasMessage("a: the name is taken by another layer");
    assertThatThrownBy(() -> NetworkSpec.builder("n", Shape.of(3)).add("input", new Relu()).build())
        .hasMessage("input: the name is taken by another layer");
    assertThatThrownBy(() -> new LayerNode("a b", new Relu(), List.of()))
        .hasMessageContaining("got 'a b'");
    assertThatThrownBy(
            () ->
                NetworkSpec.builder("n", Shape.of(3))
                    .add("a", Dense.of(4))
                    .add("sum", new Add(), "a", NetworkSpec.INPUT)
                    .build())
        .hasMessage("sum: inputs must have one shape, got 4 and 3");
  }

  @Test
  void outputsMustBeFeaturesWithNamesOfTheirOwn() {
    LayerNode dense = new LayerNode("d", Dense.of(2), List.of(NetworkSpec.INPUT));
    OutputSpec good = new OutputSpec("a", "d", LOSS, 1);
    assertThatThrownBy(() -> new NetworkSpec("n", Shape.of(3), List.of(dense), List.of()))
        .hasMessage("a network needs at least one output");
    assertThatThrownBy(() -> new NetworkSpec("n", Shape.of(3), List.of(dense), List.of(good, good)))
        .hasMessage("output a: the name is taken by another output");
    OutputSpec nowhere = new OutputSpec("a", "e", LOSS, 1);
    assertThatThrownBy(() -> new NetworkSpec("n", Shape.of(3), List.of(dense), List.of(nowhere)))
        .hasMessage("output a: no layer is named 'e'");
    assertThatThrownBy(
            () ->
                NetworkSpec.builder("n", Shape.of(3, 4, 4))
                    .add("relu", new Relu())
                    .classify("class")
                    .build())
        .hasMessage(
            "output class: expected features, got 3×4×4 from relu (put a flatten layer before it)");
    assertThatThrownBy(() -> new OutputSpec("a", "d", LOSS, Float.NaN))
        .hasMessage("output a: weight must be positive and finite, got NaN");
  }

  @Test
  void classWeightsMustBeAsManyAsClasses() {
    NetworkSpec.Builder builder = NetworkSpec.builder("n", Shape.of(3)).add("d", Dense.of(4));
    SoftmaxCrossEntropy two = new SoftmaxCrossEntropy(0, List.of(1f, 2f));
    assertThatThrownBy(() -> builder.output("class", two, 1).build())
        .hasMessage("output class: expected 4 class weights, got 2");
    assertThatThrownBy(() -> new SoftmaxCrossEntropy(0, List.of(1f, 0f)))
        .hasMessage("class weights must be positive and finite, got 0.0");
    assertThatThrownBy(() -> new SoftmaxCrossEntropy(Float.NaN, List.of()))
        .hasMessage("label smoothing must be in [0, 1), got NaN");
  }

  @Test
  void theFirstOutputIsThereInInferenceToo() {
    OutputSpec auxiliary = new OutputSpec("a", "d", LOSS, 1, true);
    OutputSpec main = new OutputSpec("m", "d", LOSS, 1);
    List<LayerNode> layers = List.of(new LayerNode("d", Dense.of(2), List.of(NetworkSpec.INPUT)));
    assertThatThrownBy(() -> new NetworkSpec("n", Shape.of(3), layers, List.of(auxiliary, main)))
        .hasMessage("output a: the first output must not be for training only");
    NetworkSpec network = new NetworkSpec("n", Shape.of(3), layers, List.of(main, auxiliary));
    assertThat(network.inferenceOutputs()).containsExactly(main);
  }

  @Test
  void multiplyAddsAreThoseOfWeights() {
    Shape input = Shape.of(6, 8, 8);
    assertThat(Conv2d.of(4, 3).withPadding(1).multiplyAdds(List.of(input)))
        .isEqualTo(4 * 64 * 6 * 9);
    assertThat(Conv2d.of(6, 3).withGroups(6).withPadding(1).multiplyAdds(List.of(input)))
        .isEqualTo(6 * 64 * 9);
    assertThat(Dense.of(5).multiplyAdds(List.of(Shape.of(7)))).isEqualTo(35);
    assertThat(LeNet.network(Shape.of(1, 28, 28), 10).multiplyAdds())
        .isEqualTo(20 * 576 * 25 + 50 * 64 * 500 + 800 * 500 + 5000);
  }

  @Test
  void frozenLayersAreMarkedInTheLayout() {
    NetworkSpec network =
        LeNet.network(Shape.of(1, 28, 28), 10).withFrozen(name -> name.startsWith("conv"));
    assertThat(network.frozen()).containsExactly("conv1", "conv2");
    ParameterLayout layout = ParameterLayout.of(network);
    assertThat(layout.slice("conv1.weight").isTrained()).isFalse();
    assertThat(layout.slice("dense1.bias").isTrained()).isTrue();
    assertThat(layout.parameterCount()).isEqualTo(431_080);
    assertThat(network.withFrozen(name -> false).frozen()).isEmpty();
  }

  @Test
  void labelSmoothingChangesTheLossAndNothingElse() {
    NetworkSpec network = LeNet.network(Shape.of(1, 28, 28), 10);
    NetworkSpec smoothed = network.withLabelSmoothing(0.1f);
    assertThat(smoothed.primaryOutput().loss()).isEqualTo(new SoftmaxCrossEntropy(0.1f, List.of()));
    assertThat(smoothed.withLabelSmoothing(0)).isEqualTo(network);
  }
}
