package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.convoyml.nn.io.Safetensors;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.model.ModelDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weights become a model, or one line says why not and nothing is left behind. */
@Timeout(120)
class ConvertCommandTest {
  private static final ParameterLayout LENET5 = ParameterLayout.of(Zoo.named("lenet5").published());

  @TempDir private static Path shared;
  private static Path weights;
  private static byte[] bytes;

  @TempDir private Path folder;
  private Path place;

  @BeforeAll
  static void write() throws IOException {
    bytes = file(LENET5, ParameterInitializer.initialize(LENET5, 1));
    weights = Files.write(shared.resolve("lenet5.safetensors"), bytes);
  }

  @BeforeEach
  void makePlace() throws IOException {
    place = Files.createDirectory(folder.resolve("place"));
  }

  @Test
  void theModelHasTheWeightsAndThePreprocessingThatWasAskedFor() {
    Result result = convert(weights, "--model=lenet5", "--mean=0.25", "--std=0.5");
    assertThat(result.exitCode()).isEqualTo(0);
    Configuration hadoop = new Configuration();
    String model = place.resolve("model").toString();
    assertThat(ModelDirectory.readWeights(hadoop, model, LENET5))
        .isEqualTo(ParameterInitializer.initialize(LENET5, 1));
    ModelDirectory.Description description = ModelDirectory.readDescription(hadoop, model);
    assertThat(description.preprocessing().mean()).containsExactly(0.25f);
    assertThat(description.preprocessing().deviation()).containsExactly(0.5f);
    assertThat(description.classes()).hasSize(10).startsWith("0", "1").endsWith("9");
  }

  @Test
  void wrongNormalisationsAreAWrongCommandLine() {
    refused(2, weights, "--mean must be finite, got Infinity", "--mean=Infinity");
    refused(2, weights, "--mean must be finite, got 0.1,NaN,0.1", "--mean=0.1,NaN,0.1");
    refused(2, weights, "--std must be positive, got -1.0", "--std=-1");
    refused(2, weights, "'a' is not a float", "--mean=a");
    refused(
        2,
        weights,
        "--std: expected 1 values, one for each channel of images of 1×32×32, got 0.1,0.2,0.3",
        "--std=0.1,0.2,0.3");
  }

  @Test
  void otherNumbersOfClassesAreAMisshapenLastLayer() {
    refused(
        1,
        weights,
        weights
            + ": tensor dense2.weight: expected F16/BF16/F32/F64 [7, 84], got F32 [10, 84]; tensor"
            + " dense2.bias: expected F16/BF16/F32/F64 [7], got F32 [10]",
        "--classes=7");
    refused(2, weights, "--classes must be positive, got 0", "--classes=0");
  }

  @Test
  void weightsOfAnotherNetworkAreListed() throws IOException {
    ParameterLayout other = ParameterLayout.of(Zoo.named("lenet").published());
    Path file = Files.write(folder.resolve("w.safetensors"), file(other, new float[other.size()]));
    refused(1, file, file + ": tensor …: …; and … more");
  }

  @Test
  void imagesThatAreTooSmallAreRefused() {
    refused(
        1, weights, "lenet5 cannot take images of 1×8×8, it needs at least …: ", "--input=1,8,8");
    refused(2, weights, "expected channels,height,width such as 3,224,224", "--input=8,8");
  }

  @Test
  void aFileThatIsCutOffIsNamedWithTheTensor() throws IOException {
    for (int kept : new int[] {0, 7, 8, 100, bytes.length / 2, bytes.length - 1}) {
      Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, kept));
      refused(1, file, file + ": ");
    }
  }

  @Test
  void aHeaderThatLiesIsNamed() throws IOException {
    Path file = folder.resolve("lie");
    Files.write(file, withHeaderLength(Long.MAX_VALUE));
    refused(1, file, file + ": expected a header of at most … bytes, got 9223372036854775807");
    Files.write(file, withHeaderLength(-1));
    refused(1, file, file + ": expected a header of at most … bytes, got 18446744073709551615");
    String header = header();
    String first = header.replaceFirst("\"data_offsets\":\\[0,", "\"data_offsets\":[4,");
    Files.write(file, withHeader(first));
    refused(1, file, file + ": tensor …: …bytes, but data_offsets span ");
    Files.write(file, withHeader(header.replaceFirst("F32", "F99")));
    refused(1, file, file + ": tensor …: unknown dtype \"F99\"");
    Files.write(file, withHeader("{"));
    refused(1, file, file + ": the header is not valid JSON: ");
    Files.write(file, withHeader("{}"));
    refused(1, file, file + ": the tensors take 0 bytes, but the file has ");
  }

  @Test
  void weightsThatAreNotNumbersAreNamed() throws IOException {
    float[] vector = ParameterInitializer.initialize(LENET5, 1);
    vector[LENET5.slice("dense2.bias").offset() + 3] = Float.NaN;
    Path file = Files.write(folder.resolve("nan"), file(LENET5, vector));
    refused(1, file, file + ": tensor dense2.bias: expected finite numbers, got NaN at 3 of 10");
  }

  @Test
  void aFileThatIsNotThereOrAFolderIsNamed() {
    Path nowhere = folder.resolve("nowhere");
    refused(1, nowhere, nowhere + ": ");
    refused(1, shared, shared + ": ");
  }

  @Test
  void zipsOfDeeplearning4jNeedItsJar() {
    String model = "--out=" + place.resolve("model");
    Failures.assertOneLine(
        Failures.runHere("convert", "--from=old.zip", model),
        1,
        "old.zip: Deeplearning4j's models need convoy-dl4j.jar on the classpath");
    Failures.assertOneLine(
        Failures.runHere("convert", "--from=" + shared, "--out=" + place.resolve("new.zip")),
        1,
        "new.zip: Deeplearning4j's models need convoy-dl4j.jar on the classpath");
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void optionsGoWithWhatIsConverted() {
    String model = "--out=" + place.resolve("model");
    Failures.assertOneLine(
        Failures.runHere("convert", "--from=" + weights, model),
        2,
        "--model is needed for weights");
    Failures.assertOneLine(
        Failures.runHere("convert", "--from=old.zip", "--model=lenet", model),
        2,
        "--model does not go with old.zip");
    Failures.assertOneLine(
        Failures.runHere("convert", "--from=models/x", "--out=new.zip", "--mean=0.5"),
        2,
        "--mean does not go with new.zip");
    Failures.assertOneLine(
        Failures.runHere("convert", "--from=old.zip", "--out=new.zip"),
        2,
        "expected a model directory to make new.zip of, got old.zip");
  }

  private void refused(int exitCode, Path file, String message, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--model=lenet5");
    Failures.assertOneLine(convert(file, all.toArray(String[]::new)), exitCode, message);
    assertThat(place).isEmptyDirectory();
  }

  private Result convert(Path file, String... options) {
    List<String> arguments = new ArrayList<>(List.of("convert", "--from=" + file));
    arguments.add("--out=" + place.resolve("model"));
    arguments.addAll(List.of(options));
    return Failures.runHere(arguments.toArray(String[]::new));
  }

  private static byte[] file(ParameterLayout layout, float[] vector) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, layout, vector, Map.of());
    return out.toByteArray();
  }

  private static int headerLength() {
    return (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static String header() {
    return new String(bytes, Long.BYTES, headerLength(), StandardCharsets.UTF_8);
  }

  private static byte[] withHeaderLength(long length) {
    byte[] copy = bytes.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return copy;
  }

  private static byte[] withHeader(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    int data = Long.BYTES + headerLength();
    return ByteBuffer.allocate(Long.BYTES + json.length + bytes.length - data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(bytes, data, bytes.length - data)
        .array();
  }
}
