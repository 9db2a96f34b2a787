package org.convoyml.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
  private static final Configuration CONFIGURATION = new Configuration();
  private static final NetworkSpec NETWORK = Samples.residualNetwork();
  private static final ParameterLayout LAYOUT = ParameterLayout.of(NETWORK);
  private static final List<String> CLASSES =
      IntStream.range(0, 10).mapToObj(i -> "dígit " + i).toList();

  @TempDir private Path folder;

  private final float[] vector = ParameterInitializer.initialize(LAYOUT, 5);
  private Path model;

  @BeforeEach
  void write() {
    model = folder.resolve("model");
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(model.toString());
    try (HadoopFiles files = HadoopFiles.of(CONFIGURATION, model.toString())) {
      files.createDirectory(path);
      ModelDirectory.writeDescription(
          files,
          path,
          new ModelDirectory.Description(NETWORK, Preprocessing.mnist(28, 28), CLASSES),
          provenance());
      ModelDirectory.writeWeights(files, path, LAYOUT, vector);
    }
  }

  private static Provenance provenance() {
    return new Provenance(
        new TreeMap<>(Map.of("epochs", "3")),
        "digits",
        20,
        "abc",
        2,
        1,
        Provenance.versions("1.2", "3.5", Engines.named("reference")));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    ModelDirectory.Description read = read();
    assertThat(read.network()).isEqualTo(NETWORK);
    assertThat(read.preprocessing()).isEqualTo(Preprocessing.mnist(28, 28));
    assertThat(read.classes()).isEqualTo(CLASSES);
    assertThat(readWeights()).isEqualTo(vector);
  }

  @Test
  void thereAreFiveFilesAndNoChecksumsBesideThem() throws IOException {
    try (var files = Files.list(model)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "network.json",
              "preprocessing.json",
              "classes.json",
              "provenance.json",
              "weights.safetensors");
    }
  }

  @Test
  void provenanceSaysWhatTheBitsDependOn() throws IOException {
    JsonNode json = new JsonMapper().readTree(model.resolve("provenance.json").toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "configuration",
            "data",
            "images",
            "fingerprint",
            "quarantined",
            "threadsPerWorker",
            "versions");
    assertThat(json.at("/configuration/epochs").asText()).isEqualTo("3");
    assertThat(json.get("versions").fieldNames())
        .toIterable()
        .containsExactly("convoy", "engine", "java", "platform", "processor", "spark");
  }

  @Test
  void aFolderWithoutNetworkIsNoModel() throws IOException {
    Files.delete(model.resolve("network.json"));
    fails(": expected a model directory, found no network.json");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    for (String file : List.of("classes.json", "preprocessing.json")) {
      byte[] content = Files.readAllBytes(model.resolve(file));
      Files.delete(model.resolve(file));
      fails("/" + file + ": no such file");
      Files.write(model.resolve(file), content);
    }
    Files.delete(model.resolve("weights.safetensors"));
    assertThatThrownBy(this::readWeights)
        .isInstanceOf(ConvoyException.class)
        .hasMessage(model + "/weights.safetensors: no such file");
  }

  @Test
  void aFileThatIsNotWhatItShouldBeIsNamed() throws IOException {
    for (String file : List.of("network.json", "classes.json", "preprocessing.json")) {
      byte[] content = Files.readAllBytes(model.resolve(file));
      for (String wrong : List.of("", "{", "null", "[1, {}]", "true false")) {
        Files.writeString(model.resolve(file), wrong);
        fails("/" + file + ": ");
      }
      Files.write(model.resolve(file), content);
    }
  }

  @Test
  void filesThatDoNotFitEachOtherAreRefused() throws IOException {
    Files.writeString(model.resolve("classes.json"), "[\"cat\", \"dog\"]");
    fails(": the network tells 10 classes apart, but there are names for 2");
    write("classes.json", "[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"8\"]");
    fails(": expected different names of classes, found '8' twice");
    write("classes.json", "[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",null]");
    fails("/classes.json: expected a list of names");
    write("classes.json", new JsonMapper().writeValueAsString(IntStream.range(0, 10).toArray()));
    Files.writeString(model.resolve("preprocessing.json"), Preprocessing.mnist(32, 28).toJson());
    assertThatThrownBy(this::read)
        .isInstanceOf(ConvoyException.class)
        .hasMessage(model + ": the network expects 1×28×28, but preprocessing makes 1×32×28");
  }

  @Test
  void weightsThatAreCutOffAreRefused() throws IOException {
    Path weights = model.resolve("weights.safetensors");
    byte[] content = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(content, content.length - 4));
    assertThatThrownBy(this::readWeights)
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(weights + ": ");
  }

  @Test
  void aTextFileIsReplacedWholeAndADirectoryIsNot() throws IOException {
    Path file = Files.writeString(folder.resolve("report.json"), "old");
    try (HadoopFiles files = HadoopFiles.of(CONFIGURATION, file.toString())) {
      files.replaceText(new org.apache.hadoop.fs.Path(file.toString()), "new");
      assertThatThrownBy(
              () -> files.replaceText(new org.apache.hadoop.fs.Path(model.toString()), "new"))
          .isInstanceOf(ConvoyException.class)
          .hasMessage(model + ": expected a file to write, found a directory");
    }
    assertThat(file).hasContent("new");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(file, model);
    }
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(model.resolve(file), content);
  }

  private void fails(String message) {
    assertThatThrownBy(this::read)
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(model + message);
  }

  private ModelDirectory.Description read() {
    return ModelDirectory.readDescription(CONFIGURATION, model.toString());
  }

  private float[] readWeights() {
    return ModelDirectory.readWeights(CONFIGURATION, model.toString(), LAYOUT);
  }
}
