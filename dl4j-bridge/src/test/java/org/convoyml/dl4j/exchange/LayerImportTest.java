package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Padding;
import org.convoyml.spark.model.ModelExchange.Content;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/** Each kind of layer means the same when it has been read. */
@Timeout(120)
class LayerImportTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = ConvolutionMode.class,
      names = {"Same", "Truncate"})
  void windowsLieWhereTheModeSays(ConvolutionMode mode) {
    int[] padding = mode == ConvolutionMode.Same ? new int[] {0, 0} : new int[] {1, 2};
    Zips.assertSame(
        Zips.classifier(
            new ConvolutionLayer.Builder(3, 5)
                .nOut(4)
                .stride(2, 1)
                .padding(padding)
                .convolutionMode(mode)
                .hasBias(false)
                .build(),
            Zips.pooling(PoolingType.AVG)
                .kernelSize(3, 2)
                .stride(2, 3)
                .convolutionMode(mode)
                .build()),
        folder,
        Zips.IMAGE);
    Zips.assertSame(
        Zips.classifier(
            new ConvolutionLayer.Builder(3, 2).nOut(4).dilation(2, 1).convolutionMode(mode).build(),
            Zips.pooling(PoolingType.MAX)
                .kernelSize(3, 3)
                .stride(2, 2)
                .convolutionMode(mode)
                .build()),
        folder,
        Zips.IMAGE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void averagesCountPaddingOrNot(boolean counted) {
    Zips.assertSame(
        Zips.classifier(
            Zips.pooling(PoolingType.AVG)
                .kernelSize(3, 3)
                .stride(2, 2)
                .padding(1, 1)
                .avgPoolIncludePadInDivisor(counted)
                .build()),
        folder,
        Zips.IMAGE);
  }

  /** As zips of 1.0.0-beta to beta4 are, which do not say it. */
  @Test
  void averagesOfOldZipsCountPadding() throws IOException {
    MultiLayerNetwork network =
        Zips.classifier(
            Zips.pooling(PoolingType.AVG).kernelSize(3, 3).stride(2, 2).padding(1, 1).build());
    Map<String, byte[]> entries = Zips.entries(Zips.write(network, folder, false));
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    String old = json.replaceFirst("\"avgPoolIncludePadInDivisor\" : false,", "");
    assertThat(old).isNotEqualTo(json);
    entries.put("configuration.json", old.getBytes(StandardCharsets.UTF_8));
    Path zip = Zips.pack(folder, entries);
    Zips.assertSame(
        ModelSerializer.restoreMultiLayerNetwork(zip.toFile()), Zips.read(zip, Zips.IMAGE));
  }

  @Test
  void strictSequencesAreAsTruncatedOnes() {
    Zips.assertSame(
        Zips.classifier(
            new ConvolutionLayer.Builder(3, 4)
                .nOut(4)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Strict)
                .build()),
        folder,
        Zips.IMAGE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNormHasVariancesOrTheirLogarithms(boolean logarithms) {
    Content content =
        Zips.assertSame(
            Zips.classifier(
                new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                new BatchNormalization.Builder()
                    .useLogStd(logarithms)
                    .decay(0.75)
                    .eps(1e-3)
                    .build()),
            folder,
            Zips.IMAGE);
    assertThat(Zips.layer(content.network(), "layer1")).isEqualTo(new BatchNorm(1e-3f, 0.25f));
  }

  /** If there are both: 1.0.0-M2 uses neither otherwise. */
  @ParameterizedTest
  @CsvSource({"1.5, 0.25", "1.5, 0", "1, 0.25"})
  void lockedScalesAndShiftsAreNumbersOfTheConfiguration(double gamma, double beta) {
    Zips.assertSame(
        Zips.classifier(new BatchNormalization.Builder(gamma, beta, true).build()),
        folder,
        Zips.IMAGE);
  }

  @Test
  void depthwiseAndSeparableConvolutions() {
    Content content =
        Zips.assertSame(
            Zips.classifier(
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
            Zips.IMAGE);
    assertThat(((Conv2d) Zips.layer(content.network(), "layer1-depthwise")).groups()).isEqualTo(6);
    assertThat(((Conv2d) Zips.layer(content.network(), "layer1")).kernel().height()).isEqualTo(1);
  }

  @Test
  void separableConvolutionsWithoutBias() {
    Zips.assertSame(
        Zips.classifier(
            new SeparableConvolution2D.Builder(3, 3)
                .nOut(4)
                .hasBias(false)
                .convolutionMode(ConvolutionMode.Same)
                .build()),
        folder,
        Zips.IMAGE);
  }

  @Test
  void zeroPaddingBecomesTheConvolutions() {
    Content content =
        Zips.assertSame(
            Zips.classifier(
                new ZeroPaddingLayer.Builder(1, 2, 3, 4).build(),
                new ConvolutionLayer.Builder(3, 3).nOut(4).padding(1, 0).build()),
            folder,
            Zips.IMAGE);
    assertThat(((Conv2d) Zips.layer(content.network(), "layer1")).padding())
        .isEqualTo(new Padding(2, 3, 3, 4));
    Zips.assertSame(
        Zips.classifier(
            new ZeroPaddingLayer.Builder(0, 1, 0, 1).build(),
            new ConvolutionLayer.Builder(3, 3)
                .nOut(4)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Same)
                .build()),
        folder,
        Zips.IMAGE);
  }

  @Test
  void dropoutBehindZeroPaddingIsKept() {
    Content content =
        Zips.assertSame(
            Zips.classifier(
                new ZeroPaddingLayer.Builder(1, 1, 1, 1).build(),
                new ConvolutionLayer.Builder(3, 3).nOut(4).dropOut(0.75).build()),
            folder,
            Zips.IMAGE);
    assertThat(Zips.layer(content.network(), "layer1-dropout")).isEqualTo(new Dropout(0.25f));
  }

  @Test
  void zeroPaddingBeforeSomethingElseIsRefused() {
    Path zip =
        Zips.write(
            Zips.classifier(
                new ZeroPaddingLayer.Builder(1, 1, 1, 1).build(),
                Zips.pooling(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build()),
            folder,
            false);
    assertThatThrownBy(() -> Zips.read(zip, Zips.IMAGE))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(
            zip
                + ": configuration.json: /confs/1/layer: expected a convolution behind zero"
                + " padding");
  }

  @Test
  void responseNormMultipliesTheSum() {
    Zips.assertSame(
        Zips.classifier(
            new ConvolutionLayer.Builder(3, 3).nOut(7).build(),
            new LocalResponseNormalization.Builder().k(1.5).n(3).alpha(0.3).beta(0.6).build()),
        folder,
        Zips.IMAGE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "RELU6", "SIGMOID", "TANH", "SWISH", "IDENTITY", "LEAKYRELU", "ELU"})
  void activations(Activation activation) {
    Zips.assertSame(Zips.classifier(new ActivationLayer(activation)), folder, Zips.IMAGE);
  }

  /** Deeplearning4j takes each row of a map by itself, Convoy the channels of each pixel. */
  @Test
  void softmaxOfAMapIsRefused() {
    Path zip = Zips.write(Zips.classifier(new ActivationLayer(Activation.SOFTMAX)), folder, false);
    assertThatThrownBy(() -> Zips.read(zip, Zips.IMAGE))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("/confs/0/layer/activationFn: expected another behind a map");
  }

  @Test
  void softmaxOfFeaturesIsRead() {
    Zips.assertSame(
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(Zips.globalPooling(PoolingType.AVG))
                .layer(new DenseLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build())
                .layer(Zips.output(3))
                .setInputType(
                    InputType.convolutional(
                        Zips.IMAGE.height(), Zips.IMAGE.width(), Zips.IMAGE.channels()))
                .build()),
        folder,
        Zips.IMAGE);
  }

  @Test
  void slopesOfLeaksAreKept() {
    Zips.assertSame(
        Zips.classifier(
            new ActivationLayer(new ActivationLReLU(0.3)), Zips.globalPooling(PoolingType.MAX)),
        folder,
        Zips.IMAGE);
  }
}
