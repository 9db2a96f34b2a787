package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.model.ModelDirectory;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** {@code convoy convert}, from Deeplearning4j and back, as a user runs it. */
@Timeout(240)
class ConvertIT {
  private static final Shape IMAGE = Shape.of(3, 8, 8);

  @TempDir private Path folder;

  @Test
  void aModelGoesThereAndBack() throws IOException {
    MultiLayerNetwork network = network();
    Path old = Zips.write(network, folder, true);
    Path labels = Files.write(folder.resolve("labels.txt"), List.of("ape", "bee", "cat"));
    String model = folder.resolve("model").toString();
    Result result =
        convert("--from=" + old, "--input=3,8,8", "--labels=" + labels, "--out=" + model);
    assertThat(result.err()).hasLineCount(1).contains("3 classes, images of 3×8×8");
    assertThat(result.exitCode()).isZero();
    ModelDirectory.Description description =
        ModelDirectory.readDescription(new Configuration(), model);
    assertThat(description.classes()).containsExactly("ape", "bee", "cat");
    assertThat(description.preprocessing().mean()).containsExactly(0f, 0f, 0f);

    Path zip = folder.resolve("new.zip");
    assertThat(convert("--from=" + model, "--out=" + zip).exitCode()).isZero();
    ComputationGraph graph = ModelSerializer.restoreComputationGraph(zip.toFile());
    float[] images = Zips.images(IMAGE);
    assertThat(Zips.outputOf(graph, images, IMAGE))
        .containsExactly(Zips.outputOf(network, images, IMAGE), within(1e-4f));
    assertThat(graph.getUpdater().getStateViewArray().length())
        .isEqualTo(network.getUpdater().getStateViewArray().length());

    Result again = convert("--from=" + model, "--out=" + zip);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err())
        .isEqualTo("convoy: " + zip + ": already exists (--overwrite replaces it)\n");
    assertThat(convert("--from=" + model, "--out=" + zip, "--overwrite").exitCode()).isZero();
  }

  @Test
  void whatIsWrongIsOneLine() throws IOException {
    Path old = Zips.write(network(), folder, false);
    Path model = folder.resolve("model");
    Result result = convert("--from=" + old, "--out=" + model);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).hasLineCount(1).contains("expected --input C,H,W with C = 3");
    Path text = Files.writeString(folder.resolve("text.zip"), "text");
    result = convert("--from=" + text, "--out=" + model);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).hasLineCount(1).contains("text.zip: expected a zip");
    assertThat(model).doesNotExist();
  }

  private static Result convert(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "convert";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return ConvoyProcess.here().run(arguments);
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .updater(new Adam(0.01))
                .list()
                .layer(
                    new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(8, 8, 3))
                .build());
    return network;
  }
}
