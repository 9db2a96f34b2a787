package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.convoyml.spark.model.ModelExchange.Content;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What Deeplearning4j wrote computes the same in Convoy. */
@Timeout(120)
class ZipImportTest {
  @TempDir private Path folder;

  @Test
  void leNet() {
    MultiLayerNetwork network =
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .activation(Activation.IDENTITY)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(4).build())
                .layer(Zips.pooling(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build())
                .layer(
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .dropOut(0.8)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder().nOut(8).activation(Activation.RELU).build())
                .layer(new DropoutLayer(0.5))
                .layer(Zips.output(4))
                .setInputType(InputType.convolutionalFlat(16, 15, 1))
                .build());
    Content content = Zips.assertSame(network, folder, null);
    NetworkSpec spec = content.network();
    assertThat(spec.input()).isEqualTo(Shape.of(1, 16, 15));
    assertThat(spec.primaryOutput().loss()).isEqualTo(new SoftmaxCrossEntropy());
    assertThat(spec.layers().stream().map(LayerNode::name))
        .containsExactly(
            "layer0",
            "layer1",
            "layer2-dropout",
            "layer2",
            "layer2-activation",
            "layer3-flatten",
            "layer3",
            "layer3-activation",
            "layer4",
            "layer5");
    assertThat(Zips.layer(spec, "layer2-dropout")).isEqualTo(new Dropout((float) (1 - 0.8)));
    assertThat(content.warnings()).isEmpty();
  }

  @Test
  void otherLossesAndPixelsAsFeatures() {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .activation(Activation.TANH)
            .list()
            .layer(new DenseLayer.Builder().nIn(12).nOut(5).hasBias(false).build());
    MultiLayerNetwork sigmoid =
        Zips.sequence(
            layers
                .layer(
                    new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(5)
                        .nOut(2)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
    Content content = Zips.assertSame(sigmoid, folder, Shape.of(3, 2, 2));
    assertThat(content.network().primaryOutput().loss()).isEqualTo(new SigmoidCrossEntropy());
    MultiLayerNetwork squares =
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(12).nOut(3).activation(Activation.RELU).build())
                .layer(
                    new LossLayer.Builder(LossFunction.MSE).activation(Activation.SIGMOID).build())
                .build());
    content = Zips.assertSame(squares, folder, Shape.of(3, 2, 2));
    assertThat(content.network().primaryOutput().loss()).isEqualTo(new MeanSquaredError());
  }

  @Test
  void aResidualGraphWithAMerge() {
    Content content = Zips.assertSame(residual(), folder, Zips.IMAGE);
    assertThat(content.network().layers().stream().map(LayerNode::name))
        .contains("first_conv", "left", "right-2", "right_2", "sum");
    assertThat(content.network().primaryOutput().name()).isEqualTo("out");
  }

  @Test
  void theOrderOfWeightsIsComputedWhereTheConfigurationDoesNotSayIt() {
    ComputationGraph graph = residual();
    Map<String, byte[]> entries = Zips.entries(Zips.write(graph, folder, false));
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    String old = json.replaceAll("\"topologicalOrder(Str)?\" : \\[[^]]*],", "");
    assertThat(old).isNotEqualTo(json).doesNotContain("topologicalOrder");
    entries.put("configuration.json", old.getBytes(StandardCharsets.UTF_8));
    Zips.assertSame(graph, Zips.read(Zips.pack(folder, entries), Zips.IMAGE));
  }

  @Test
  void frozenLayersStayFrozen() {
    Content content =
        Zips.assertSame(
            Zips.classifier(
                new FrozenLayer(
                    new ConvolutionLayer.Builder(3, 3)
                        .nIn(3)
                        .nOut(4)
                        .dropOut(0.5)
                        .activation(Activation.RELU)
                        .build())),
            folder,
            Zips.IMAGE);
    assertThat(content.network().frozen()).containsExactly("layer0");
    content =
        Zips.assertSame(
            Zips.classifier(
                new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                new FrozenLayerWithBackprop(new ConvolutionLayer.Builder(2, 2).nOut(5).build()),
                new FrozenLayerWithBackprop(new BatchNormalization.Builder().build())),
            folder,
            Zips.IMAGE);
    assertThat(content.network().frozen()).containsExactly("layer1", "layer2");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"DOUBLE", "HALF"})
  void otherNumbersBecomeF32(DataType type) {
    MultiLayerNetwork network = Zips.classifier(new ConvolutionLayer.Builder(3, 3).nOut(4).build());
    Content content =
        Zips.read(Zips.write(network.convertDataType(type), folder, false), Zips.IMAGE);
    float[] exact = Zips.assertSame(network, folder, Zips.IMAGE).vector();
    assertThat(content.vector()).hasSameSizeAs(exact);
    for (int i = 0; i < exact.length; i++) {
      assertThat(content.vector()[i]).isCloseTo(exact[i], within(5e-4f));
    }
  }

  @Test
  void whatHelpsTrainingOnlyIsLeftOutWithAWarning() {
    MultiLayerNetwork network =
        Zips.classifier(
            new ConvolutionLayer.Builder(3, 3).nOut(4).dropOut(new GaussianNoise(1)).build());
    Content content = Zips.assertSame(network, folder, Zips.IMAGE);
    assertThat(content.warnings())
        .singleElement()
        .asString()
        .contains("configuration.json: /confs/0/layer/idropout: left out");
  }

  @Test
  void aSizeThatNobodySaysIsAskedFor() {
    Path zip =
        Zips.write(
            Zips.classifier(new ConvolutionLayer.Builder(3, 3).nOut(4).build()), folder, false);
    assertThatThrownBy(() -> Zips.read(zip, null))
        .hasMessage(
            zip
                + ": configuration.json: does not say how large images are, expected --input C,H,W"
                + " with C = 3");
    assertThatThrownBy(() -> Zips.read(zip, Shape.of(1, 9, 10)))
        .hasMessage(
            zip
                + ": configuration.json: /confs/0/layer/nin: expected 1, since 1×9×10 comes in,"
                + " found 3");
  }

  @Test
  void channelsAtTheEndAreRefused() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(
                new ConvolutionLayer.Builder(3, 3)
                    .nIn(3)
                    .nOut(4)
                    .dataFormat(CNN2DFormat.NHWC)
                    .build())
            .layer(Zips.globalPooling(PoolingType.AVG))
            .layer(new OutputLayer.Builder().nIn(4).nOut(3).activation(Activation.SOFTMAX).build())
            .build();
    Path zip = Zips.write(Zips.sequence(configuration), folder, false);
    assertThatThrownBy(() -> Zips.read(zip, Zips.IMAGE))
        .hasMessage(
            zip
                + ": configuration.json: /confs/0/layer/cnn2dDataFormat: expected NCHW, Convoy has"
                + " no other order, found \"NHWC\"");
  }

  private static ComputationGraph residual() {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .convolutionMode(ConvolutionMode.Same)
            .activation(Activation.RELU)
            .graphBuilder()
            .addInputs("input")
            // Listed in another order than that of computation.
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "right 2", "left")
            .addLayer("right 2", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "right-2")
            .addLayer("right-2", new BatchNormalization.Builder().build(), "first conv")
            .addLayer("left", new ConvolutionLayer.Builder(1, 1).nOut(4).build(), "first conv")
            .addLayer("first conv", new ConvolutionLayer.Builder(3, 3).nOut(6).build(), "input")
            .addVertex("both", new MergeVertex(), "sum", "first conv")
            .addLayer("pool", Zips.globalPooling(PoolingType.AVG), "both")
            .addLayer("out", Zips.output(3), "pool")
            .setOutputs("out")
            .setInputTypes(InputType.convolutional(9, 10, 3))
            .build();
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    graph.paramTable().forEach(Zips::randomise);
    return graph;
  }
}
