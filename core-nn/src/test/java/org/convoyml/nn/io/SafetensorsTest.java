package org.convoyml.nn.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.LeNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final ParameterLayout TINY =
      ParameterLayout.of(
          NetworkSpec.builder("tiny", Shape.of(2)).add("d", Dense.of(1)).classify("c").build());

  /** Weight (1, 2) and bias (1): 12 bytes of data. */
  private static final String HEADER =
      "{'d.weight':{'dtype':'F32','shape':[1,2],'data_offsets':[0,8]},"
          + "'d.bias':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}";

  @Test
  void theBytesArePinned() throws IOException {
    byte[] written = write(TINY, new float[] {1, -2, 0.5f}, Map.of("b", "2", "a", "ä\n"));
    String header = "{'__metadata__':{'a':'ä\\n','b':'2'}," + HEADER.substring(1);
    byte[] expected = file(header.replace('\'', '"') + "  ", 1, -2, 0.5f);
    assertThat(written).isEqualTo(expected);
    assertThat((written.length - 12) % 8).as("data begin at a multiple of 8").isZero();
  }

  @Test
  void parametersAndRunningStatisticsSurviveTheRoundTrip() throws IOException {
    ParameterLayout layout =
        ParameterLayout.of(
            NetworkSpec.builder("n", Shape.of(2))
                .add("norm", BatchNorm.standard())
                .add("dense", Dense.of(3))
                .classify("c")
                .build());
    float[] vector = random(layout.size());
    vector[0] = Float.NaN;
    vector[1] = Float.NEGATIVE_INFINITY;
    vector[2] = -0.0f;
    vector[3] = Float.MIN_VALUE;
    byte[] written = write(layout, vector, Map.of());
    float[] target = new float[layout.size()];
    assertThat(read(written, layout, target)).isEmpty();
    assertThat(target).isEqualTo(vector);
    assertThat(header(written).tensors())
        .extracting(TensorEntry::name)
        .contains("norm.running_mean", "norm.running_var");
  }

  @Test
  void tensorsLargerThanAChunkSurviveAStreamThatGivesAFewBytesAtATime() throws IOException {
    ParameterLayout layout = ParameterLayout.of(LeNet.network(Shape.of(1, 28, 28), 10));
    float[] vector = random(layout.size());
    byte[] written = write(layout, vector, Map.of("format", "pt"));
    var dripping =
        new FilterInputStream(new ByteArrayInputStream(written)) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, 1021));
          }
        };
    float[] target = new float[layout.size()];
    Map<String, String> metadata = Safetensors.read(dripping, written.length, "w", layout, target);
    assertThat(metadata).isEqualTo(Map.of("format", "pt"));
    assertThat(target).isEqualTo(vector);
    assertThat(write(layout, vector, Map.of("format", "pt"))).isEqualTo(written);
  }

  @Test
  void tensorsMayLieInAnyOrder() throws IOException {
    String swapped = HEADER.replace("[0,8]", "[4,12]").replace("[8,12]", "[0,4]");
    float[] target = new float[3];
    read(file(swapped.replace('\'', '"'), 7, 1, 2), TINY, target);
    assertThat(target).containsExactly(1, 2, 7);
  }

  @Test
  void aHeaderOfOtherTypesAndEmptyTensorsCanBeRead() throws IOException {
    String json =
        "{'half':{'dtype':'BF16','shape':[2,3],'data_offsets':[0,12]},"
            + "'none':{'dtype':'I64','shape':[0,5],'data_offsets':[12,12]},"
            + "'scalar':{'dtype':'F64','shape':[],'data_offsets':[12,20]}}";
    SafetensorsHeader header = header(file(json.replace('\'', '"'), 0, 0, 0, 0, 0));
    assertThat(header.tensors())
        .extracting(TensorEntry::name)
        .containsExactly("half", "none", "scalar");
  }

  /** Each row edits the header above, whose file has 12 bytes of data. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[8,12]| [4,8]| tensor d.bias: overlap: its data begin at 4, those before it end at 8",
        "[0,8]| [0,4]| tensor d.weight: F32 [1, 2] takes 8 bytes, but data_offsets span 4",
        "[8,12]| [12,16]| tensor d.bias: gap: its data begin at 12, those before it end at 8",
        "[8,12]| [-4,0]| tensor d.bias: data_offsets must hold whole numbers",
        "[8,12]| [12,8]| tensor d.bias: data_offsets must be [begin, end], got [12, 8]",
        "[8,12]| [8]| tensor d.bias: data_offsets must be [begin, end], got [8]",
        "[8,12]| [8.0,12.0]| tensor d.bias: data_offsets must hold whole numbers",
        "[8,12]| ['8','12']| tensor d.bias: data_offsets must hold whole numbers",
        "[8,12]| [9223372036854775808,12]| tensor d.bias: data_offsets must hold whole numbers",
        ",'data_offsets':[8,12]| | tensor d.bias: data_offsets must be a list",
        "'shape':[1],| | tensor d.bias: shape must be a list",
        "'shape':[1],| 'shape':[-1],| tensor d.bias: shape must hold whole numbers",
        "'shape':[1],| 'shape':[4294967296,4294967296],| beyond 2^63-1 bytes",
        "'shape':[1,2]| 'shape':[2,1]| tensor d.weight: expected F32 [1, 2], got F32 [2, 1]",
        "'shape':[1,2]| 'shape':[2]| tensor d.weight: expected F32 [1, 2], got F32 [2]",
        "'F32','shape':[1]| 'I32','shape':[1]| tensor d.bias: expected F32 [1], got I32 [1]",
        "'F32','shape':[1]| 'F99','shape':[1]| tensor d.bias: unknown dtype \"F99\"",
        "'dtype':'F32','shape':[1]| 'shape':[1]| tensor d.bias: unknown dtype (none)",
        "'shape':[1],| 'shape':[1],'x':1,| tensor d.bias: unknown field 'x'",
        "d.bias| d.bias2| tensor d.bias2: the network has no such parameter",
        "d.bias| d.\\n| tensor d. : the network has no such parameter",
        "d.bias| d.weight| Duplicate field 'd.weight'",
        "]}}| ]}| the header is not valid JSON",
        "]}}| ]}} {}| the header is not valid JSON",
        "{'d.weight'| ['d.weight'| the header is not valid JSON",
        "{'d.weight'| {'__metadata__':{'a':1},'d.weight'| __metadata__: the value of 'a' is not",
        "{'d.weight'| {'__metadata__':[],'d.weight'| __metadata__: expected an object",
        "{'d.weight'| {'e':5,'d.weight'| tensor e: expected an object",
      })
  void aHeaderThatLiesIsRefusedBeforeAnythingIsLoaded(
      String part, String replacement, String expected) {
    assertThat(HEADER).contains(part);
    String json = HEADER.replace(part, replacement == null ? "" : replacement);
    assertRefused(file(json.replace('\'', '"'), 1, 2, 3), expected);
  }

  @Test
  void aMissingTensorIsNamed() {
    String json = "{'d.weight':{'dtype':'F32','shape':[1,2],'data_offsets':[0,8]}}";
    assertRefused(file(json.replace('\'', '"'), 1, 2), "tensor d.bias: not in the file");
  }

  @Test
  void dataThatTheHeaderDoesNotExplainAreRefused() {
    String json = HEADER.replace('\'', '"');
    assertRefused(file(json, 1, 2, 3, 4), "the tensors take 12 bytes, but the file has 16");
    assertRefused(
        file(json, 1, 2), "tensor d.bias: its data end at 12, but the file has only 8 bytes");
    assertRefused(file("", 1, 2, 3), "the header is not a JSON object");
    assertRefused(file("[]", 1, 2, 3), "the header is not a JSON object");
  }

  @Test
  void aHeaderLengthBeyondTheFileOrTheLimitIsRefusedBeforeMemoryIsTaken() {
    for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 14, 1L << 32}) {
      byte[] bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      assertRefused(bytes, "expected a header of at most 12 bytes, got ");
    }
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001).array();
    assertThatThrownBy(
            () -> Safetensors.readHeader(new ByteArrayInputStream(length), 1L << 40, "big.file"))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("big.file: expected a header of at most 100000000 bytes, got 100000001");
  }

  @Test
  void aTruncatedFileIsRefusedWhereverItEnds() {
    byte[] whole = file(HEADER.replace('\'', '"'), 1, 2, 3);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length), "");
    }
  }

  @Test
  void aStreamShorterThanItsFileNamesWhatIsCutOff() {
    byte[] whole = file(HEADER.replace('\'', '"'), 1, 2, 3);
    assertShort(whole, 5, "w: the file ends within the header's length");
    assertShort(whole, 20, "w: the file ends within the header");
    assertShort(whole, whole.length - 5, "w: the file ends within tensor d.weight");
    assertShort(whole, whole.length - 1, "w: the file ends within tensor d.bias");
  }

  private static void assertShort(byte[] whole, int length, String message) {
    var stream = new ByteArrayInputStream(whole, 0, length);
    assertThatThrownBy(() -> Safetensors.read(stream, whole.length, "w", TINY, new float[3]))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(message);
  }

  @Test
  void aVectorOfAnotherLengthIsAMistakeOfTheCaller() {
    assertThatThrownBy(() -> write(TINY, new float[4], Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("vector: expected 3 elements, got 4");
    assertThatThrownBy(() -> read(file(HEADER, 1, 2, 3), TINY, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target: expected 3 elements, got 2");
  }

  private static void assertRefused(byte[] bytes, String expected) {
    float[] target = {9, 9, 9};
    assertThatThrownBy(() -> read(bytes, TINY, target))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("weights.safetensors: ")
        .hasMessageContaining(expected)
        .message()
        .hasLineCount(1);
    assertThat(target).containsOnly(9);
  }

  private static byte[] file(String json, float... data) {
    byte[] header = json.getBytes(UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + 4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    for (float value : data) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static byte[] write(ParameterLayout layout, float[] vector, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, layout, vector, metadata);
    return out.toByteArray();
  }

  private static Map<String, String> read(byte[] bytes, ParameterLayout layout, float[] target)
      throws IOException {
    return Safetensors.read(
        new ByteArrayInputStream(bytes), bytes.length, "weights.safetensors", layout, target);
  }

  private static SafetensorsHeader header(byte[] bytes) throws IOException {
    return Safetensors.readHeader(new ByteArrayInputStream(bytes), bytes.length, "w");
  }

  private static float[] random(int length) {
    KeyedRandom random = KeyedRandom.of(length);
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
