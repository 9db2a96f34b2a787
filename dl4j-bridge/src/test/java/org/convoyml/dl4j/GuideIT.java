package org.convoyml.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The commands of the migration guide's two examples, as they stand there, on fewer images. */
@Timeout(300)
class GuideIT {
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void theExamplesRun() throws IOException {
    Path old = folder.resolve("old.zip");
    ModelSerializer.writeModel(network(), old.toFile(), true);
    Map<String, String> places =
        Map.of(
            "samples/mnist/train-images-idx3-ubyte.gz",
            Samples.mnist(folder.resolve("train"), 256).toString(),
            "samples/mnist/t10k-images-idx3-ubyte.gz",
            Samples.mnist(folder.resolve("test"), 64).toString(),
            "models/",
            folder.resolve("models") + "/",
            "old.zip",
            old.toString(),
            "new.zip",
            folder.resolve("new.zip").toString());
    List<String> blocks =
        BLOCK.matcher(Files.readString(GuideTest.GUIDE)).results().map(MatchResult::group).toList();
    assertThat(blocks).hasSize(2);
    for (String block : blocks) {
      run(block, places);
    }
    assertThat(folder.resolve("models/digits/weights.safetensors")).exists();
    try (var left = Files.list(folder.resolve("models/old"))) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .contains("weights.safetensors", "provenance.json", "optimizer-1.safetensors");
    }
    ComputationGraph again =
        ModelSerializer.restoreComputationGraph(folder.resolve("new.zip").toFile());
    assertThat(again.numParams()).isEqualTo(network().numParams());
  }

  /** Each command of a block, in the shell that a reader would use. */
  private static void run(String block, Map<String, String> places) {
    String joined = block.replace("```sh\n", "").replace("```", "").replace("\\\n", " ");
    for (String line : joined.lines().toList()) {
      String command = line;
      for (Map.Entry<String, String> place : places.entrySet()) {
        command = command.replace(place.getKey(), place.getValue());
      }
      assertThat(command).startsWith("scripts/convoy ");
      Result result =
          ConvoyProcess.here()
              .with("SPARK_LOCAL_IP", "127.0.0.1")
              .run(words(command.substring("scripts/convoy ".length())));
      assertThat(result.exitCode()).as(command + "\n" + result.err()).isZero();
    }
  }

  /** As a shell takes them: quotes keep spaces together. */
  private static String[] words(String command) {
    return Pattern.compile("\"([^\"]*)\"|\\S+")
        .matcher(command)
        .results()
        .map(word -> word.group(1) == null ? word.group() : word.group(1))
        .toArray(String[]::new);
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new org.nd4j.linalg.learning.config.Nesterovs(0.01, 0.9))
                .list()
                .layer(
                    new ConvolutionLayer.Builder(5, 5).nOut(4).activation(Activation.RELU).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new DenseLayer.Builder().nOut(20).activation(Activation.RELU).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
    network.init();
    return network;
  }
}
