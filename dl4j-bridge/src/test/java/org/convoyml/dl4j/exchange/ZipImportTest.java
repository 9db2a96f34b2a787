package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
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
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What Deeplearning4j wrote computes the same in Convoy. */
@Timeout(120)
class ZipImportTest {
  private static final Shape IMAGE = Shape.of(3, 9, 10);

  @TempDir private Path folder;

  @Test
  void leNet() {
    MultiLayerNetwork network =
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .activation(Activation.IDENTITY)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(4).build())
                .layer(pooling(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build())
                .layer(
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .dropOut(0.8)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder().nOut(8).activation(Activation.RELU).build())
                .layer(new DropoutLayer(0.5))
                .layer(output(4))
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
    assertThat(layer(spec, "layer2-dropout")).isEqualTo(new Dropout((float) (1 - 0.8)));
    assertThat(content.warnings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ConvolutionMode.class,
      names = {"Same", "Truncate"})
  void windowsLieWhereTheModeSays(ConvolutionMode mode) {
    int[] padding = mode == ConvolutionMode.Same ? new int[] {0, 0} : new int[] {1, 2};
    Zips.assertSame(
        sequence(
            new ConvolutionLayer.Builder(3, 5)
                .nOut(4)
                .stride(2, 1)
                .padding(padding)
                .convolutionMode(mode)
                .hasBias(false)
                .build(),
            pooling(PoolingType.AVG).kernelSize(3, 2).stride(2, 3).convolutionMode(mode).build()),
        folder,
        IMAGE);
    Zips.assertSame(
        sequence(
            new ConvolutionLayer.Builder(3, 2).nOut(4).dilation(2, 1).convolutionMode(mode).build(),
            pooling(PoolingType.MAX).kernelSize(3, 3).stride(2, 2).convolutionMode(mode).build()),
        folder,
        IMAGE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void averagesCountPaddingOrNot(boolean counted) {
    Zips.assertSame(
        sequence(
            pooling(PoolingType.AVG)
                .kernelSize(3, 3)
                .stride(2, 2)
                .padding(1, 1)
                .avgPoolIncludePadInDivisor(counted)
                .build()),
        folder,
        IMAGE);
  }

  @Test
  void strictSequencesAreAsTruncatedOnes() {
    Zips.assertSame(
        sequence(
            new ConvolutionLayer.Builder(3, 4)
                .nOut(4)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Strict)
                .build()),
        folder,
        IMAGE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNormHasVariancesOrTheirLogarithms(boolean logarithms) {
    Content content =
        Zips.assertSame(
            sequence(
                new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                new BatchNormalization.Builder()
                    .useLogStd(logarithms)
                    .decay(0.75)
                    .eps(1e-3)
                    .build()),
            folder,
            IMAGE);
    assertThat(layer(content.network(), "layer1")).isEqualTo(new BatchNorm(1e-3f, 0.25f));
  }

  @Test
  void lockedScalesAndShiftsAreNumbersOfTheConfiguration() {
    Zips.assertSame(
        sequence(new BatchNormalization.Builder(1.5, 0.25, true).build()), folder, IMAGE);
  }

  @Test
  void depthwiseAndSeparableConvolutions() {
    Content content =
        Zips.assertSame(
            sequence(
                new DepthwiseConvolution2D.Builder(3, 2)
                    .depthMultiplier(2)
                    .activation(Activation.SWISH)
                    .build(),
                new SeparableConvolution2D.Builder(2, 3)
                    .nOut(5)
                    .depthMultiplier(3)
                    .stride(2, 1)
                    .activation(new ActivationELU(0.5))
                    .build()),
            folder,
            IMAGE);
    assertThat(((Conv2d) layer(content.network(), "layer1-depthwise")).groups()).isEqualTo(6);
    assertThat(((Conv2d) layer(content.network(), "layer1")).kernel().height()).isEqualTo(1);
  }

  @Test
  void separableConvolutionsWithoutBias() {
    Zips.assertSame(
        sequence(
            new SeparableConvolution2D.Builder(3, 3)
                .nOut(4)
                .hasBias(false)
                .convolutionMode(ConvolutionMode.Same)
                .build()),
        folder,
        IMAGE);
  }

  @Test
  void zeroPaddingBecomesTheConvolutions() {
    Content content =
        Zips.assertSame(
            sequence(
                new ZeroPaddingLayer.Builder(1, 2, 3, 4).build(),
                new ConvolutionLayer.Builder(3, 3).nOut(4).padding(1, 0).build()),
            folder,
            IMAGE);
    assertThat(((Conv2d) layer(content.network(), "layer1")).padding())
        .isEqualTo(new Padding(2, 3, 3, 4));
    Zips.assertSame(
        sequence(
            new ZeroPaddingLayer.Builder(0, 1, 0, 1).build(),
            new ConvolutionLayer.Builder(3, 3)
                .nOut(4)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Same)
                .build()),
        folder,
        IMAGE);
  }

  @Test
  void zeroPaddingBeforeSomethingElseIsRefused() {
    Path zip =
        Zips.write(
            sequence(
                new ZeroPaddingLayer.Builder(1, 1, 1, 1).build(),
                pooling(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build()),
            folder,
            false);
    assertThatThrownBy(() -> Zips.read(zip, IMAGE))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(
            zip
                + ": configuration.json: /confs/1/layer: expected a convolution behind zero"
                + " padding");
  }

  @Test
  void responseNormMultipliesTheSum() {
    Zips.assertSame(
        sequence(
            new ConvolutionLayer.Builder(3, 3).nOut(7).build(),
            new LocalResponseNormalization.Builder().k(1.5).n(3).alpha(0.3).beta(0.6).build()),
        folder,
        IMAGE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "RELU6", "SIGMOID", "TANH", "SWISH", "IDENTITY", "LEAKYRELU", "ELU"})
  void activations(Activation activation) {
    Zips.assertSame(sequence(new ActivationLayer(activation)), folder, IMAGE);
  }

  @Test
  void slopesOfLeaksAreKept() {
    Zips.assertSame(
        sequence(new ActivationLayer(new ActivationLReLU(0.3)), globalPooling(PoolingType.MAX)),
        folder,
        IMAGE);
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
    Content content = Zips.assertSame(residual(), folder, IMAGE);
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
    Zips.assertSame(graph, Zips.read(Zips.pack(folder, entries), IMAGE));
  }

  @Test
  void frozenLayersStayFrozen() {
    Content content =
        Zips.assertSame(
            sequence(
                new FrozenLayer(
                    new ConvolutionLayer.Builder(3, 3)
                        .nIn(3)
                        .nOut(4)
                        .dropOut(0.5)
                        .activation(Activation.RELU)
                        .build())),
            folder,
            IMAGE);
    assertThat(content.network().frozen()).containsExactly("layer0");
    content =
        Zips.assertSame(
            sequence(
                new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                new FrozenLayerWithBackprop(new ConvolutionLayer.Builder(2, 2).nOut(5).build()),
                new FrozenLayerWithBackprop(new BatchNormalization.Builder().build())),
            folder,
            IMAGE);
    assertThat(content.network().frozen()).containsExactly("layer1", "layer2");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"DOUBLE", "HALF"})
  void otherNumbersBecomeF32(DataType type) {
    MultiLayerNetwork network = sequence(new ConvolutionLayer.Builder(3, 3).nOut(4).build());
    Content content = Zips.read(Zips.write(network.convertDataType(type), folder, false), IMAGE);
    float[] exact = Zips.assertSame(network, folder, IMAGE).vector();
    assertThat(content.vector()).hasSameSizeAs(exact);
    for (int i = 0; i < exact.length; i++) {
      assertThat(content.vector()[i]).isCloseTo(exact[i], within(5e-4f));
    }
  }

  @Test
  void whatHelpsTrainingOnlyIsLeftOutWithAWarning() {
    MultiLayerNetwork network =
        sequence(new ConvolutionLayer.Builder(3, 3).nOut(4).dropOut(new GaussianNoise(1)).build());
    Content content = Zips.assertSame(network, folder, IMAGE);
    assertThat(content.warnings())
        .singleElement()
        .asString()
        .contains("configuration.json: /confs/0/layer/idropout: left out");
  }

  @Test
  void aSizeThatNobodySaysIsAskedFor() {
    Path zip =
        Zips.write(sequence(new ConvolutionLayer.Builder(3, 3).nOut(4).build()), folder, false);
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
            .layer(globalPooling(PoolingType.AVG))
            .layer(new OutputLayer.Builder().nIn(4).nOut(3).activation(Activation.SOFTMAX).build())
            .build();
    Path zip = Zips.write(Zips.sequence(configuration), folder, false);
    assertThatThrownBy(() -> Zips.read(zip, IMAGE))
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
            .addLayer("pool", globalPooling(PoolingType.AVG), "both")
            .addLayer("out", output(3), "pool")
            .setOutputs("out")
            .setInputTypes(InputType.convolutional(9, 10, 3))
            .build();
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    graph.paramTable().forEach(Zips::randomise);
    return graph;
  }

  /** These layers on images, and a classifier behind them. */
  private static MultiLayerNetwork sequence(Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().activation(Activation.IDENTITY).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    if (!(layers[layers.length - 1] instanceof GlobalPoolingLayer)) {
      list.layer(globalPooling(PoolingType.AVG));
    }
    return Zips.sequence(
        list.layer(output(3))
            .setInputType(InputType.convolutional(IMAGE.height(), IMAGE.width(), 3))
            .build());
  }

  private static SubsamplingLayer.Builder pooling(PoolingType type) {
    return new SubsamplingLayer.Builder(type);
  }

  private static GlobalPoolingLayer globalPooling(PoolingType type) {
    return new GlobalPoolingLayer.Builder(type).build();
  }

  private static OutputLayer output(int classes) {
    return new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static LayerSpec layer(NetworkSpec network, String name) {
    return network.layers().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow()
        .layer();
  }
}
