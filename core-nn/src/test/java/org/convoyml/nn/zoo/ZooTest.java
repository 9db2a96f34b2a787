package org.convoyml.nn.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZooTest {
  /**
   * Published counts: those of the papers where they give them exactly, of torchvision 0.14 and
   * timm where they are the reference.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet, 431080",
    "lenet5, 61706",
    "resnet20, 269722",
    "resnet32, 464154",
    "resnet44, 658586",
    "resnet56, 853018",
    "resnet110, 1727962",
    "resnet9, 6573130",
    "vgg11, 132863336",
    "vgg13, 133047848",
    "vgg16, 138357544",
    "vgg19, 143667240",
    "resnet18, 11689512",
    "resnet34, 21797672",
    "resnet50, 25557032",
    "resnet101, 44549160",
    "resnet152, 60192808",
    "inception_v3, 27161264",
    "xception, 22855952",
    "mobilenet_v1, 4231976",
    "mobilenet_v2, 3504872",
    "squeezenet1_1, 1235496",
  })
  void networksHaveTheirPublishedNumberOfParameters(String name, int parameters) {
    NetworkSpec network = Zoo.named(name).published();
    assertThat(ParameterLayout.of(network).parameterCount()).isEqualTo(parameters);
    NetworkSummary summary = NetworkSummary.of(network);
    assertThat(summary.parameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isEqualTo(network.multiplyAdds());
    assertThat(summary.rows()).hasSameSizeAs(network.layers());
  }

  @Test
  void everyNetworkIsCounted() throws NoSuchMethodException {
    CsvSource counts =
        ZooTest.class
            .getDeclaredMethod(
                "networksHaveTheirPublishedNumberOfParameters", String.class, int.class)
            .getAnnotation(CsvSource.class);
    assertThat(Zoo.names())
        .containsExactlyElementsOf(
            java.util.stream.Stream.of(counts.value()).map(row -> row.split(",")[0]).toList());
  }

  /** Millions of multiply-adds as the papers and torchvision's documentation round them. */
  @ParameterizedTest
  @CsvSource({
    "resnet20, 41",
    "resnet50, 4089",
    "vgg16, 15470",
    "mobilenet_v1, 569",
    "mobilenet_v2, 301",
    "squeezenet1_1, 349",
  })
  void networksTakeTheirPublishedNumberOfMultiplyAdds(String name, int millions) {
    assertThat(Math.round(Zoo.named(name).published().multiplyAdds() / 1e6)).isEqualTo(millions);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vgg11",
        "vgg13",
        "vgg16",
        "vgg19",
        "resnet18",
        "resnet34",
        "resnet50",
        "resnet101",
        "resnet152",
        "inception_v3",
        "mobilenet_v2",
        "squeezenet1_1"
      })
  void tensorsHaveTorchvisionsNamesAndShapes(String name) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ZooTest.class.getResourceAsStream("/golden/zoo/" + name + ".jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode tensor = json.readTree(line);
        expected.put(tensor.get(0).textValue(), tensor.get(1).toString());
      }
    }
    Map<String, String> found = new TreeMap<>();
    ParameterLayout.of(Zoo.named(name).published())
        .slices()
        .forEach(
            slice -> found.put(slice.name(), slice.spec().shape().toString().replace(" ", "")));
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyNetworkSurvivesJsonAndTellsItsClassesApart(Zoo.Entry entry) {
    NetworkSpec network = entry.build(entry.input(), 7);
    assertThat(network.classes()).isEqualTo(7);
    assertThat(NetworkJson.read(NetworkJson.write(network), "test")).isEqualTo(network);
  }

  static java.util.List<Zoo.Entry> entries() {
    return Zoo.all();
  }

  @ParameterizedTest
  @CsvSource({
    "vgg16, 32", "resnet18, 64", "mobilenet_v2, 96", "mobilenet_v1, 64", "xception, 96",
    "squeezenet1_1, 64", "resnet20, 64", "resnet9, 48", "lenet5, 28", "inception_v3, 320",
  })
  void otherSizesFit(String name, int side) {
    Shape input = Shape.of(name.equals("lenet5") ? 1 : 3, side, side);
    assertThat(Zoo.build(name, input, 5).shapes()).containsEntry(NetworkSpec.INPUT, input);
  }

  @Test
  void whatCannotBeBuiltIsSaidInOneLine() {
    assertThatThrownBy(() -> Zoo.build("vgg16", Shape.of(3, 16, 16), 10))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("vgg16 cannot take images of 3×16×16: features.30: kernel spans 2")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(() -> Zoo.build("inception_v3", Shape.of(3, 128, 128), 10))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("inception_v3 cannot take images of 3×128×128: AuxLogits");
    assertThatThrownBy(() -> Zoo.named("alexnet"))
        .hasMessageStartingWith("no model is named 'alexnet', there are: lenet, lenet5, resnet20,");
    assertThatThrownBy(() -> CifarResNet.network(21, Shape.of(3, 32, 32), 10))
        .hasMessage("the depth must be 6n + 2, got 21");
    assertThatThrownBy(() -> ResNet.network(20, Shape.of(3, 32, 32), 10))
        .hasMessage("the depth must be 18, 34, 50, 101 or 152, got 20");
  }
}
