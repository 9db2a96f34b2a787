package org.convoyml.nn.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterKind;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
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
    "inception_v3, 27161264",
    "lenet, 431080",
    "lenet5, 61706",
    "mobilenet_v1, 4231976",
    "mobilenet_v2, 3504872",
    "resnet9, 6573120",
    "resnet18, 11689512",
    "resnet20, 269722",
    "resnet32, 464154",
    "resnet34, 21797672",
    "resnet44, 658586",
    "resnet50, 25557032",
    "resnet56, 853018",
    "resnet101, 44549160",
    "resnet110, 1727962",
    "resnet152, 60192808",
    "squeezenet1_1, 1235496",
    "vgg11, 132863336",
    "vgg13, 133047848",
    "vgg16, 138357544",
    "vgg19, 143667240",
    "xception, 22855952",
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
    assertThat(tensors(Zoo.named(name).published())).isEqualTo(torchvisionTensors(name));
  }

  @Test
  void vggMayHaveBatchNorms() throws IOException {
    NetworkSpec network = Vgg.of(16).withBatchNorm().network(Shape.of(3, 224, 224), 1000);
    assertThat(tensors(network)).isEqualTo(torchvisionTensors("vgg16_bn"));
  }

  private static Map<String, String> torchvisionTensors(String name) throws IOException {
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
    return expected;
  }

  private static Map<String, String> tensors(NetworkSpec network) {
    Map<String, String> found = new TreeMap<>();
    ParameterLayout.of(network)
        .slices()
        .forEach(
            slice -> found.put(slice.name(), slice.spec().shape().toString().replace(" ", "")));
    return found;
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyNetworkSurvivesJsonAndTellsItsClassesApart(Zoo.Entry entry) {
    NetworkSpec network = entry.build(entry.input(), 7);
    assertThat(network.classes()).isEqualTo(7);
    assertThat(NetworkJson.read(NetworkJson.write(network), "test")).isEqualTo(network);
  }

  static List<Zoo.Entry> entries() {
    return Zoo.all();
  }

  @ParameterizedTest
  @CsvSource({
    "vgg16, 32", "resnet18, 64", "mobilenet_v2, 96", "mobilenet_v1, 64", "xception, 96",
    "squeezenet1_1, 17", "resnet20, 64", "resnet9, 8", "lenet5, 28", "inception_v3, 320",
    "inception_v3, 75", "xception, 32",
  })
  void otherSizesFit(String name, int side) {
    Shape input = Shape.of(name.equals("lenet5") ? 1 : 3, side, side);
    assertThat(Zoo.build(name, input, 5).shapes()).containsEntry(NetworkSpec.INPUT, input);
  }

  @Test
  void whatCannotBeBuiltIsSaidInOneLine() {
    assertThatThrownBy(() -> Zoo.build("vgg16", Shape.of(3, 16, 16), 10))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "vgg16 cannot take images of 3×16×16, it needs at least 32×32: features.30: kernel"
                + " spans 2, but the padded input has only 1 (input 512×1×1)")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(() -> Zoo.build("inception_v3", Shape.of(3, 299, 74), 10))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(
            "inception_v3 cannot take images of 3×299×74, it needs at least 75×75: Mixed_7a.");
    assertThatThrownBy(() -> Zoo.build("squeezenet1_1", Shape.of(3, 16, 16), 10))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "squeezenet1_1 cannot take images of 3×16×16, it needs at least 17×17: features.8:"
                + " kernel spans 3, but the padded input has only 1 (input 256×1×1)");
    assertThatThrownBy(() -> Zoo.build("lenet", Shape.of(784), 10))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "lenet cannot take images of 784: conv1: expected an input C×H×W, got 784 features");
    assertThatThrownBy(() -> Zoo.build("resnet18", Shape.of(3, 64, 64), 0))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("resnet18: expected at least 1 class, got 0");
    assertThatThrownBy(() -> Zoo.named("alexnet"))
        .hasMessageStartingWith(
            "no model is named 'alexnet', there are: inception_v3, lenet, lenet5,");
  }

  /**
   * Counts of torchvision 0.14; of MobileNet v1's table of layers in PyTorch; by hand for ResNets.
   */
  @Test
  void knobsGiveTheSizesThatPyTorchCounts() {
    Shape image = Shape.of(3, 224, 224);
    assertThat(parameters(MobileNetV2.standard().withWidth(0.35f).network(image, 1000)))
        .isEqualTo(1_677_128);
    assertThat(parameters(MobileNetV2.standard().withWidth(0.5f).network(image, 1000)))
        .isEqualTo(1_968_680);
    assertThat(parameters(MobileNetV2.standard().withWidth(1.4f).network(image, 1000)))
        .isEqualTo(6_108_776);
    assertThat(parameters(MobileNetV1.standard().withWidth(0.5f).network(image, 1000)))
        .isEqualTo(1_331_592);
    assertThat(parameters(MobileNetV1.standard().withWidth(1.25f).network(image, 1000)))
        .isEqualTo(6_270_840);
    assertThat(
            parameters(
                InceptionV3.standard().withoutAuxiliary().network(Shape.of(3, 299, 299), 1000)))
        .isEqualTo(23_834_568);
    // Every 3×3 convolution but the first grows by the square of the width.
    assertThat(parameters(CifarResNet.of(20).withWidth(2).network(Shape.of(3, 32, 32), 10)))
        .isEqualTo(
            4 * 9 * (6 * 16 * 16 + 16 * 32 + 5 * 32 * 32 + 32 * 64 + 5 * 64 * 64)
                + 2 * 9 * 3 * 16
                + 2 * 2 * (7 * 16 + 6 * 32 + 6 * 64)
                + 2 * 64 * 10
                + 10);
    assertThat(parameters(ResNet.of(18).withFirstChannels(1).network(image, 10)))
        .isEqualTo(
            3 * 49
                + 9 * (4 + 2 + 3 * 4 + 8 + 3 * 16 + 32 + 3 * 64)
                + (2 + 8 + 32)
                + 2 * (5 + 5 * 2 + 5 * 4 + 5 * 8)
                + 8 * 10
                + 10);
  }

  private static int parameters(NetworkSpec network) {
    return ParameterLayout.of(network).parameterCount();
  }

  @Test
  void residualBlocksMayStartAsTheIdentity() {
    Shape image = Shape.of(3, 32, 32);
    assertThat(zeroNorms(ResNet.of(50).network(image, 10))).isEmpty();
    assertThat(zeroNorms(ResNet.of(50).withIdentityStart().network(image, 10)))
        .hasSize(16)
        .allMatch(name -> name.endsWith(".bn3.weight"));
    assertThat(zeroNorms(ResNet.of(18).withIdentityStart().network(image, 10)))
        .hasSize(8)
        .allMatch(name -> name.endsWith(".bn2.weight"));
    assertThat(zeroNorms(CifarResNet.of(20).withIdentityStart().network(image, 10)))
        .hasSize(9)
        .allMatch(name -> name.endsWith(".bn2.weight"));
  }

  private static List<String> zeroNorms(NetworkSpec network) {
    return ParameterLayout.of(network).slices().stream()
        .filter(slice -> slice.spec().kind() == ParameterKind.SCALE)
        .filter(slice -> slice.spec().initializer() == Initializer.ZEROS)
        .map(ParameterSlice::name)
        .toList();
  }

  @Test
  void inceptionHasItsAuxiliaryHeadInTrainingWhereImagesAreLargeEnough() {
    NetworkSpec large = Zoo.build("inception_v3", Shape.of(3, 299, 299), 10);
    assertThat(large.outputs())
        .extracting(OutputSpec::layer, OutputSpec::weight, OutputSpec::trainingOnly)
        .containsExactly(tuple("fc", 1f, false), tuple("AuxLogits.fc", 0.4f, true));
    assertThat(Zoo.build("inception_v3", Shape.of(3, 298, 400), 10).outputs()).hasSize(1);
  }

  /** Names and shapes as timm has them in xception.py and efficientnet_blocks.py. */
  @Test
  void tensorsHaveTimmsNamesAndShapes() {
    assertThat(tensors(Zoo.named("xception").published()))
        .hasSize(236)
        .containsEntry("conv1.weight", "[32,3,3,3]")
        .containsEntry("block1.rep.0.conv1.weight", "[64,1,3,3]")
        .containsEntry("block1.rep.0.pointwise.weight", "[128,64,1,1]")
        .containsEntry("block1.rep.4.running_var", "[128]")
        .containsEntry("block2.rep.1.conv1.weight", "[128,1,3,3]")
        .containsEntry("block4.rep.7.pointwise.weight", "[728,728,1,1]")
        .containsEntry("block12.rep.4.pointwise.weight", "[1024,728,1,1]")
        .containsEntry("block12.skip.weight", "[1024,728,1,1]")
        .containsEntry("block12.skipbn.bias", "[1024]")
        .containsEntry("conv4.pointwise.weight", "[2048,1536,1,1]")
        .containsEntry("fc.weight", "[1000,2048]")
        .doesNotContainKey("block4.skip.weight");
    assertThat(tensors(Zoo.named("mobilenet_v1").published()))
        .hasSize(137)
        .containsEntry("conv_stem.weight", "[32,3,3,3]")
        .containsEntry("bn1.running_mean", "[32]")
        .containsEntry("blocks.0.0.conv_dw.weight", "[32,1,3,3]")
        .containsEntry("blocks.3.5.conv_pw.weight", "[512,512,1,1]")
        .containsEntry("blocks.4.0.bn1.weight", "[512]")
        .containsEntry("blocks.4.1.bn2.weight", "[1024]")
        .containsEntry("classifier.weight", "[1000,1024]");
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyNetworkSaysWhereItWasPublished(Zoo.Entry entry) {
    assertThat(entry.paper()).startsWith("https://");
    assertThat(entry.published().name()).isEqualTo(entry.name());
  }

  @Test
  void knobsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> CifarResNet.of(21))
        .hasMessage("depth must be 8, 14, 20, ... (6n + 2), got 21");
    assertThatThrownBy(() -> ResNet.of(20))
        .hasMessage("depth must be one of [18, 34, 50, 101, 152], got 20");
    assertThatThrownBy(() -> Vgg.of(12))
        .hasMessage("depth must be one of [11, 13, 16, 19], got 12");
    assertThatThrownBy(() -> Vgg.of(16).withDropout(1))
        .hasMessage("dropout must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> MobileNetV2.standard().withWidth(Float.NaN))
        .hasMessage("width must be positive and finite, got NaN");
    assertThatThrownBy(() -> ResNet9.standard().withFirstChannels(0))
        .hasMessage("firstChannels must be positive, got 0");
  }
}
