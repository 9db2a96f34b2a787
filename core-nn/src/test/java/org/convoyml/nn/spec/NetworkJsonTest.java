package org.convoyml.nn.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.TestNetworks;
import org.convoyml.nn.zoo.LeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkJsonTest {
  private static final String SMALL =
      """
      {
        "name" : "small",
        "input" : [ 1, 4, 5 ],
        "layers" : [ {
          "name" : "conv1",
          "layer" : {
            "type" : "conv-2d",
            "filters" : 2,
            "kernel" : [ 3, 2 ],
            "stride" : [ 1, 1 ],
            "padding" : [ 0, 1, 2, 3 ],
            "dilation" : [ 1, 1 ],
            "groups" : 1,
            "bias" : true,
            "initializer" : "he-normal"
          },
          "inputs" : [ "input" ]
        }, {
          "name" : "flat",
          "layer" : {
            "type" : "flatten"
          },
          "inputs" : [ "conv1" ]
        } ],
        "outputs" : [ {
          "name" : "class",
          "layer" : "flat",
          "loss" : {
            "type" : "softmax-cross-entropy",
            "labelSmoothing" : 0.1,
            "classWeights" : [ ]
          },
          "weight" : 0.3,
          "trainingOnly" : false
        } ],
        "frozen" : [ "conv1" ]
      }
      """;

  /** Every kind of layer, every field unlike its default. */
  private static final NetworkSpec EVERYTHING =
      new NetworkSpec(
          "everything",
          Shape.of(4, 12, 11),
          List.of(
              node(
                  "conv",
                  new Conv2d(
                      6,
                      new Size(2, 3),
                      new Size(1, 2),
                      new Padding(1, 2, 3, 4),
                      new Size(2, 1),
                      2,
                      false,
                      Initializer.XAVIER_UNIFORM),
                  NetworkSpec.INPUT),
              node("norm", new BatchNorm(1e-3f, 0.25f, Initializer.ZEROS), "conv"),
              node("relu", new Relu(), "norm"),
              node("tanh", new Tanh(), "norm"),
              node("relu6", new Relu6(), "norm"),
              node("leaky", new LeakyRelu(0.2f), "norm"),
              node("elu", new Elu(0.7f), "norm"),
              node("sigmoid", new Sigmoid(), "norm"),
              node("gelu", new Gelu(), "norm"),
              node("silu", new Silu(), "norm"),
              node("swish", new HardSwish(), "norm"),
              node("linear", new Linear(), "norm"),
              node("softmax", new Softmax(), "norm"),
              node("lrn", new LocalResponseNorm(3, 0.1f, 0.5f, 2), "norm"),
              node("same", Conv2d.of(6, 3).withPadding(Padding.SAME), "norm"),
              node("joined", new Concat(), "relu6", "leaky", "lrn"),
              node("padded", new PadShortcut(9, new Size(2, 1)), "same"),
              node("average", new GlobalAveragePool(), "joined"),
              node("largest", new GlobalMaxPool(), "padded"),
              node("dropped", new Dropout(0.4f), "largest"),
              node("sum", new Add(), "relu", "tanh"),
              node(
                  "max",
                  new MaxPool2d(new Size(3, 2), new Size(2, 1), new Padding(0, 1, 1, 0), true),
                  "sum"),
              node(
                  "mean",
                  new AveragePool2d(new Size(2, 3), new Size(1, 2), Padding.all(1), true, true),
                  "max"),
              node("flat", new Flatten(), "mean"),
              node("dense", new Dense(7, false, Initializer.HE_UNIFORM), "flat"),
              node("other", Dense.of(3), "flat")),
          List.of(
              new OutputSpec("main", "dense", new SoftmaxCrossEntropy(), 1),
              new OutputSpec(
                  "side",
                  "other",
                  new SoftmaxCrossEntropy(0.1f, List.of(1f, 2f, 0.5f)),
                  0.25f,
                  true),
              new OutputSpec("several", "average", new SigmoidCrossEntropy(), 1),
              new OutputSpec("number", "dropped", new MeanSquaredError(), 1)),
          Set.of("conv", "norm"));

  private static LayerNode node(String name, LayerSpec layer, String... inputs) {
    return new LayerNode(name, layer, List.of(inputs));
  }

  @Test
  void everyLayerSurvivesTheRoundTrip() {
    assertThat(EVERYTHING.layers())
        .extracting(node -> (Object) node.layer().getClass())
        .containsAll(TestNetworks.kindsOf(LayerSpec.class));
    assertThat(EVERYTHING.outputs())
        .extracting(output -> (Object) output.loss().getClass())
        .containsAll(TestNetworks.kindsOf(Loss.class));
    assertThat(NetworkJson.read(NetworkJson.write(EVERYTHING), "test")).isEqualTo(EVERYTHING);
    NetworkSpec lenet = LeNet.network(Shape.of(1, 28, 28), 10);
    assertThat(NetworkJson.read(NetworkJson.write(lenet), "test")).isEqualTo(lenet);
  }

  @Test
  void theTextIsPinnedBecauseModelsOnDiskHaveIt() {
    assertThat(NetworkJson.write(NetworkJson.read(SMALL, "test"))).isEqualTo(SMALL);
  }

  @Test
  void bordersHaveNamesToo() {
    NetworkSpec same = NetworkJson.read(SMALL.replace("[ 0, 1, 2, 3 ]", "\"same\""), "test");
    assertThat(((Conv2d) same.layers().get(0).layer()).padding()).isEqualTo(Padding.SAME);
    assertThat(NetworkJson.read(NetworkJson.write(same), "test")).isEqualTo(same);
    NetworkSpec valid = NetworkJson.read(SMALL.replace("[ 0, 1, 2, 3 ]", "\"valid\""), "test");
    assertThat(((Conv2d) valid.layers().get(0).layer()).padding()).isEqualTo(Padding.NONE);
  }

  /** Each row edits the text above; {@code ~} stands for a quotation mark. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "~filters~ : 2| ~filters~ : 2.5| layers[0].layer.filters",
        "~filters~ : 2| ~filters~ : ~2~| layers[0].layer.filters: Cannot coerce String value (~2~)"
            + " to int value (line 8",
        "~filters~ : 2| ~filters~ : null| filters",
        "~filters~ : 2| ~filters~ : true| layers[0].layer.filters",
        "~filters~ : 2,| | 'filters'",
        "~filters~ : 2| ~filters~ : 2, ~filters~ : 2| filters",
        "~filters~ : 2| ~filters~ : 2, ~colour~ : 2| layers[0].layer.colour: unknown field",
        "~filters~ : 2| ~filters~ : -2| filters must be positive, got -2",
        "~filters~ : 2| ~filters~ : 99999999999| layers[0].layer.filters",
        "~groups~ : 1| ~groups~ : 2| conv1: groups must divide the input channels",
        "~type~ : ~conv-2d~| ~type~ : ~conv-9d~| unknown type 'conv-9d'",
        "~type~ : ~conv-2d~,| | missing field 'type'",
        "~type~ : ~conv-2d~| ~type~ : ~java.lang.Runtime~| unknown type 'java.lang.Runtime'",
        "~he-normal~| ~he-abnormal~| he-abnormal",
        "~he-normal~| 0| expected one of he-normal, he-normal-fan-out, he-uniform, xavier-normal",
        "[ 3, 2 ]| [ 3 ]| a size is [height, width], got 1 values",
        "[ 3, 2 ]| [ 3, null ]| kernel",
        "[ 3, 2 ]| [ 3, ~2~ ]| kernel",
        "[ 3, 2 ]| [ 300, 2 ]| conv1: kernel spans 300, but the padded input has only 6",
        "[ 3, 2 ]| [ 2147483647, 2147483647 ]| conv1: kernel spans 2147483647",
        "[ 0, 1, 2, 3 ]| [ 0, 1, 2 ]| a padding is [top, left, bottom, right], ~same~ or ~valid~,"
            + " got [0,1,2]",
        "[ 0, 1, 2, 3 ]| ~full~| a padding is [top, left, bottom, right], ~same~ or ~valid~",
        "[ 0, 1, 2, 3 ]| [ 0, 1, 2, 3.5 ]| a padding has four whole numbers",
        "~frozen~ : [ ~conv1~ ]| ~frozen~ : [ ~conv7~ ]| frozen: no layer is named 'conv7'",
        "~frozen~ : [ ~conv1~ ]| ~frozen~ : [ null ]| null",
        "~classWeights~ : [ ]| ~classWeights~ : [ 1.0, 2.0 ]| expected 64 class weights, got 2",
        "~classWeights~ : [ ]| ~classWeights~ : [ -1.0 ]| class weights must be positive",
        "~labelSmoothing~ : 0.1| ~labelSmoothing~ : 1.0| label smoothing must be in [0, 1)",
        "~trainingOnly~ : false| ~trainingOnly~ : true| must not be for training only",
        "[ 0, 1, 2, 3 ]| [ 0, 1, 2147483647, 3 ]| conv1: the padded input is 2147483651 long",
        "[ 1, 4, 5 ]| [ 1, 4 ]| a shape has 1 (C) or 3 (C, H, W) dimensions, got [1, 4]",
        "[ 1, 4, 5 ]| [ 1, 0, 5 ]| dimensions must be positive",
        "[ 1, 4, 5 ]| [ 2147483647, 2147483647, 2147483647 ]| more than 2^31-1 elements",
        "[ ~input~ ]| [ ~nowhere~ ]| conv1: no earlier layer is named 'nowhere'",
        "[ ~input~ ]| [ null ]| null",
        "[ ~input~ ]| null| inputs",
        "[ ~input~ ]| [ 5 ]| inputs",
        "~weight~ : 0.3| ~weight~ : 1e99| weight must be positive and finite",
        "~weight~ : 0.3| ~weight~ : ~NaN~| weight",
        "~name~ : ~small~| ~name~ : 5| name",
        "~name~ : ~small~,| | 'name'",
        "~name~ : ~small~| ~name~ ; ~small~| line 2",
      })
  void whatIsWrongIsSaidInOneLine(String part, String replacement, String expected) {
    String quoted = part.replace('~', '"');
    assertThat(SMALL).contains(quoted);
    String json = SMALL.replace(quoted, replacement == null ? "" : replacement.replace('~', '"'));
    assertThatThrownBy(() -> NetworkJson.read(json, "models/a/network.json"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("models/a/network.json: ")
        .hasMessageContaining(expected.replace('~', '"'))
        .message()
        .hasLineCount(1)
        .doesNotContain("org.convoyml")
        .doesNotContain("Source");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "[]", "5", "{", "{}", "not json", "\u0000"})
  void whatIsNoNetworkIsRefused(String json) {
    assertThatThrownBy(() -> NetworkJson.read(json, "network.json"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("network.json: ")
        .message()
        .hasLineCount(1);
  }

  @Test
  void whatFollowsTheNetworkIsRefused() {
    assertThatThrownBy(() -> NetworkJson.read(SMALL + "{}", "network.json"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("network.json: ");
  }

  @Test
  void aNetworkWithMoreParametersThanTheFlatVectorHoldsIsRefused() {
    String json =
        SMALL
            .replace("\"filters\" : 2", "\"filters\" : 100000000")
            .replace("[ 0, 1, 2, 3 ]", "[ 0, 0, 0, 0 ]")
            .replace("[ 3, 2 ]", "[ 4, 5 ]")
            .replace("[ 1, 4, 5 ]", "[ 20, 4, 5 ]");
    assertThatThrownBy(() -> NetworkJson.read(json, "network.json"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("conv1: weight has more than 2^31-1 elements");
  }
}
