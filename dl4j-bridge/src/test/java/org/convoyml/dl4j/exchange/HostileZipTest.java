package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** A zip that is not what Deeplearning4j writes is refused in one line, and never does anything. */
@Timeout(60)
class HostileZipTest {
  private static final Shape IMAGE = Shape.of(2, 5, 5);
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final String LAYER = "org.deeplearning4j.nn.conf.layers.ConvolutionLayer";

  /** Of a convolution with 2·3·9 + 3 weights, and a dense layer with 27·2 + 2. */
  private static final int WEIGHTS = 57 + 56;

  @TempDir private static Path shared;
  private static Map<String, byte[]> good;

  @TempDir private Path folder;

  @BeforeAll
  static void write() {
    good =
        Zips.entries(
            Zips.write(
                Zips.sequence(
                    new NeuralNetConfiguration.Builder()
                        .updater(new Adam(0.1))
                        .list()
                        .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).build())
                        .layer(
                            new OutputLayer.Builder()
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build())
                        .setInputType(InputType.convolutional(5, 5, 2))
                        .build()),
                shared,
                true));
  }

  @Test
  void theGoodOneIsRead() {
    assertThat(Zips.read(Zips.pack(folder, good), IMAGE).vector()).hasSize(WEIGHTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.deeplearning4j.nn.conf.layers.LSTM",
        "com.sun.rowset.JdbcRowSetImpl",
        "org.apache.commons.collections.functors.InvokerTransformer",
        "org.deeplearning4j.nn.conf.layers.ConvolutionLayer ",
        ""
      })
  void classesThatAreNotOnTheListAreNamedWithTheirPlace(String name) {
    refused(
        configuration(json -> json.replace(LAYER, name)),
        ": configuration.json: /confs/0/layer/@class: expected a class that Convoy has something"
            + " for, found \""
            + name);
  }

  @Test
  void classesWhereNobodyLooksAreRefusedToo() {
    refused(
        configuration(
            json ->
                json.replaceFirst(
                    "\"stepFunction\" : null",
                    "\"stepFunction\" : [ { \"x\" : { \"@class\" : \"java.lang.Runtime\" } } ]")),
        ": configuration.json: /confs/0/stepFunction/0/x/@class: expected a class");
    refused(
        configuration(json -> json.replace("\"" + LAYER + "\"", "[ \"" + LAYER + "\" ]")),
        ": configuration.json: /confs/0/layer/@class: expected a text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nout\" : 3|\"nout\" : -3|/confs/0/layer: filters must be positive, got -3",
        "\"nout\" : 3|\"nout\" : 2147483647|more than 2^31-1 elements",
        "\"nout\" : 3|\"nout\" : 1e99|/confs/0/layer/nout: expected a whole number",
        "\"nin\" : 2|\"nin\" : 3|/confs/0/layer/nin: expected 2, since 2×5×5 comes in",
        "\"kernelSize\" : [ 3, 3 ]|\"kernelSize\" : [ 3 ]|expected 2 whole numbers, found [3]",
        "\"kernelSize\" : [ 3, 3 ]|\"kernelSize\" : [ 3, 0 ]|expected a positive height and width",
        "\"kernelSize\" : [ 3, 3 ]|\"kernelSize\" : [ 9, 9 ]|kernel spans 9, but the padded input",
        "\"padding\" : [ 0, 0 ]|\"padding\" : [ -1, 0 ]|padding must not be negative",
        "\"Truncate\"|\"Causal\"|convolutionMode: expected Truncate, Strict or Same",
        "\"hasBias\" : true|\"hasBias\" : 1|/confs/0/layer/hasBias: expected true or false",
        "\"confs\"|\"cons\"|expected a MultiLayerNetwork's confs or a ComputationGraph's",
        "\"inputHeight\" : 3|\"inputHeight\" : 4|expected a feature map of 3×3×3",
        "\"layerName\" : \"layer0\"|\"layerName\" : {}|/confs/0/layer/layerName: expected a text",
        "LossMCXENT|LossMSLE|expected a class that Convoy has something for"
      })
  void configurationsThatMeanNothingAreOneLine(String from, String to, String message) {
    refused(
        configuration(json -> json.replaceFirst(java.util.regex.Pattern.quote(from), to)), message);
  }

  @Test
  void textsThatAreNoConfigurationAreOneLine() {
    refused(configuration(json -> json.substring(0, 1000)), ": configuration.json: not valid JSON");
    refused(configuration(json -> ""), ": configuration.json: expected a MultiLayerNetwork's");
    refused(configuration(json -> json + "1"), ": configuration.json: not valid JSON");
    refused(configuration(json -> "[".repeat(100_000)), ": configuration.json: not valid JSON");
    refused(
        configuration(json -> "{\"confs\" : [], \"confs\" : []}"),
        ": configuration.json: not valid JSON: Duplicate field");
    refused(
        configuration(json -> "{\"confs\" : [ { \"layer\" : { \"convolution\" : {} } } ]}"),
        ": configuration.json: /confs/0/layer: expected an object with @class, as Deeplearning4j"
            + " writes since 1.0.0-beta");
  }

  /** Each has a path as long as the name; none is put together. */
  @Test
  void longNamesAroundManyValuesTakeNoMemory() {
    String values = "[" + "{},".repeat(100_000) + "{}]";
    refused(
        configuration(json -> "{\"%s\" : %s}".formatted("a".repeat(1_000_000), values)),
        ": configuration.json: expected a MultiLayerNetwork's");
    refused(
        configuration(json -> "{\"%s\" : {\"@class\" : \"x\"}}".formatted("a".repeat(1_000_000))),
        ": configuration.json: /%s…/@class: expected a class that".formatted("a".repeat(100)));
  }

  @Test
  void manyLayersOfOneNameTakeNoTime() {
    String layer =
        "{\"layer\" : {\"@class\" : \"org.deeplearning4j.nn.conf.layers.DropoutLayer\","
            + " \"layerName\" : \"a\"}}";
    refused(
        configuration(json -> "{\"confs\" : [" + (layer + ",").repeat(60_000) + layer + "]}"),
        "output '60000': expected an output or loss layer");
  }

  @Test
  void namesDoNothingToATerminal() {
    refused(
        configuration(json -> "{\"\\u001b[2J\\n\\u009b\\u2028\" : {\"@class\" : \"x\"}}"),
        ": configuration.json: /?[2J???/@class: expected a class that");
    refused(
        configuration(
            json ->
                "{\"networkInputs\" : [\"in\"], \"vertices\" : {\"a\\u001b\" : {\"@class\" :"
                    + " \"org.deeplearning4j.nn.conf.graph.MergeVertex\"}}, \"vertexInputs\" :"
                    + " {\"a\\u001b\" : [\"\\u001b\"]}}"),
        "/vertices/a?: expected inputs among the vertices, but one is '?'");
  }

  @Test
  void graphsThatAreNoneAreOneLine() {
    String vertex = "{\"@class\" : \"org.deeplearning4j.nn.conf.graph.MergeVertex\"}";
    String graph =
        "{\"networkInputs\" : [\"in\"], \"networkOutputs\" : [\"a\"], \"vertices\" : {\"a\" : "
            + vertex
            + ", \"b\" : "
            + vertex
            + "}, \"vertexInputs\" : %s %s}";
    refused(
        configuration(json -> graph.formatted("{\"a\" : [\"b\"], \"b\" : [\"a\"]}", "")),
        "expected an order of 2 vertices without cycles");
    refused(
        configuration(json -> graph.formatted("{\"a\" : [\"x\"], \"b\" : [\"a\"]}", "")),
        "/vertices/a: expected inputs among the vertices, but one is 'x'");
    refused(
        configuration(
            json ->
                graph.formatted(
                    "{\"a\" : [\"in\"], \"b\" : [\"a\"]}",
                    ", \"topologicalOrderStr\" : [\"in\", \"b\", \"a\"]")),
        "/vertices/b: expected inputs among earlier vertices");
    refused(
        configuration(json -> graph.formatted("{\"a\" : [\"in\"], \"b\" : [\"a\"]}", "")),
        "output 'a': expected an output or loss layer");
  }

  @Test
  void numbersThatAreCutOffAreOneLine() {
    byte[] numbers = good.get(COEFFICIENTS);
    for (int kept : new int[] {0, 1, 5, 30, 100, numbers.length / 2, numbers.length - 1}) {
      refused(
          with(COEFFICIENTS, Arrays.copyOf(numbers, kept)),
          ": coefficients.bin: expected an array of 113 numbers, but it ends before");
    }
    refused(
        with(COEFFICIENTS, Arrays.copyOf(numbers, numbers.length + 1)),
        ": coefficients.bin: expected the end of the entry, found more behind the numbers");
  }

  @Test
  void lengthsThatLieAreOneLineAndTakeNoMemory() throws IOException {
    refused(array(2_147_483_647L, 113, "FLOAT"), "expected 113 numbers, as many as the");
    refused(array(113, Long.MAX_VALUE, "FLOAT"), "found a shape of 113 and a length of 9,223,");
    refused(array(-1, 113, "FLOAT"), "expected a vector, found a dimension of -1");
    refused(array(113, 113, "UTF8"), "expected numbers of FLOAT, DOUBLE, HALF or BFLOAT16, found");
    refused(array(113, 113, "COMPRESSED"), "found COMPRESSED");
    refused(array(114, 114, "FLOAT"), "expected 113 numbers");
    // The configuration lies as well: 8 GB, of which the zip has none.
    Map<String, byte[]> both = array(1_960_000_057L, 1_960_000_057L, "FLOAT");
    both.put(CONFIGURATION, json(text -> text.replaceFirst("\"nout\" : 2", "\"nout\" : 70000000")));
    refused(both, "coefficients.bin: expected an array of 1,960,000,057 numbers, but it ends");
  }

  @Test
  void shapesThatLieAreOneLine() {
    byte[] numbers = good.get(COEFFICIENTS);
    refused(with(COEFFICIENTS, replaced(numbers, 18, Long.MAX_VALUE)), "at most 32 dimensions");
    refused(with(COEFFICIENTS, replaced(numbers, 32, 31)), "expected a shape of rank 2");
    byte[] name = numbers.clone();
    name[0] = (byte) 0xff;
    refused(with(COEFFICIENTS, name), "expected an array of ND4J");
    name = numbers.clone();
    name[2] = 'X';
    refused(with(COEFFICIENTS, name), "expected an array of ND4J, found 'XIXED_DATA_TYPES'");
    // What Java would deserialize.
    refused(
        with(COEFFICIENTS, new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r'}),
        "expected an array of ND4J");
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() {
    byte[] numbers = good.get(COEFFICIENTS).clone();
    ByteBuffer.wrap(numbers).putFloat(numbers.length - 4, Float.NaN);
    refused(
        with(COEFFICIENTS, numbers),
        ": coefficients.bin: tensor layer1.bias: expected finite numbers, got NaN at 1 of 2");
  }

  @Test
  void entriesThatAreMissingAreNamed() {
    for (String name : new String[] {CONFIGURATION, COEFFICIENTS}) {
      Map<String, byte[]> entries = new LinkedHashMap<>(good);
      entries.remove(name);
      refused(entries, ": expected an entry '%s', found [".formatted(name));
    }
  }

  @Test
  void bombsAreNotUnpacked() {
    refused(
        with(CONFIGURATION, new byte[(8 << 20) + 1]),
        ": configuration.json: expected at most 8,388,608 bytes, found more");
    byte[] numbers = good.get(COEFFICIENTS);
    refused(with(COEFFICIENTS, Arrays.copyOf(numbers, 64 << 20)), "expected the end of the entry");
  }

  @Test
  void filesThatAreNoZipAreOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("text.zip"), "no zip");
    assertRefused(file, file + ": expected a zip, as Deeplearning4j's ModelSerializer writes: ");
    byte[] zip = Files.readAllBytes(Zips.pack(folder, good));
    for (int kept : new int[] {0, 4, zip.length / 2, zip.length - 1}) {
      Files.write(file, Arrays.copyOf(zip, kept));
      assertRefused(file, file + ": expected a zip");
    }
  }

  @Test
  void damagedEntriesAreOneLine() throws IOException {
    byte[] zip = Files.readAllBytes(Zips.pack(folder, good));
    Path file = folder.resolve("damaged.zip");
    float[] vector = Zips.read(Zips.pack(folder, good), IMAGE).vector();
    int refused = 0;
    for (int at = 60; at < zip.length - 400; at += 97) {
      byte[] damaged = zip.clone();
      damaged[at] ^= 0x55;
      Files.write(file, damaged);
      try {
        // Where nothing is read, such as a time, it may be damaged.
        assertThat(Zips.read(file, IMAGE).vector()).isEqualTo(vector);
      } catch (ConvoyException e) {
        assertThat(e.getMessage()).startsWith(file.toString());
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void whatElseIsInAZipIsLeftOut() {
    Map<String, byte[]> entries = with("normalizer.bin", new byte[] {(byte) 0xac, (byte) 0xed});
    assertThat(Zips.read(Zips.pack(folder, entries), IMAGE).warnings())
        .singleElement()
        .asString()
        .endsWith(".zip: normalizer.bin: left out");
  }

  @Test
  void stateThatIsWrongCostsOnlyTheState() {
    byte[] state = good.get("updaterState.bin");
    Path zip = Zips.pack(folder, with("updaterState.bin", Arrays.copyOf(state, state.length - 3)));
    assertThat(Zips.read(zip, IMAGE).optimizer()).isEmpty();
    assertThat(Zips.read(zip, IMAGE).warnings())
        .containsExactly(
            zip
                + ": updaterState.bin: expected an array of 226 numbers, but it ends before; left"
                + " out");
  }

  private void refused(Map<String, byte[]> entries, String message) {
    assertRefused(Zips.pack(folder, entries), message);
  }

  private static void assertRefused(Path zip, String message) {
    assertThatThrownBy(() -> Zips.read(zip, IMAGE))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(zip.toString())
        .hasMessageContaining(message);
  }

  private static Map<String, byte[]> with(String name, byte[] content) {
    Map<String, byte[]> entries = new LinkedHashMap<>(good);
    entries.put(name, content);
    return entries;
  }

  private static Map<String, byte[]> configuration(UnaryOperator<String> change) {
    return with(CONFIGURATION, json(change));
  }

  private static byte[] json(UnaryOperator<String> change) {
    String json = new String(good.get(CONFIGURATION), StandardCharsets.UTF_8);
    String changed = change.apply(json);
    assertThat(changed).isNotEqualTo(json);
    return changed.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] bytes, int at, long value) {
    byte[] copy = bytes.clone();
    ByteBuffer.wrap(copy).putLong(at, value);
    return copy;
  }

  /** A vector of zeros that says something else of itself. */
  private static Map<String, byte[]> array(long dimension, long length, String type)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF("MIXED_DATA_TYPES");
    out.writeLong(8);
    out.writeUTF("LONG");
    for (long number : new long[] {2, 1, dimension, 1, 1, 8192, 1, 'c'}) {
      out.writeLong(number);
    }
    out.writeUTF("MIXED_DATA_TYPES");
    out.writeLong(length);
    out.writeUTF(type);
    out.write(new byte[WEIGHTS * Float.BYTES]);
    return with(COEFFICIENTS, bytes.toByteArray());
  }
}
