package org.convoyml.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
import org.junit.jupiter.api.Test;

class PublishedWeightsTest {
  /** {@code fc.weight} (1, 2) and {@code fc.bias} (1). */
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          NetworkSpec.builder("n", Shape.of(2)).add("fc", Dense.of(1)).classify("class").build());

  /** The same behind a batch norm of two features. */
  private static final ParameterLayout NORMED =
      ParameterLayout.of(
          NetworkSpec.builder("n", Shape.of(2))
              .add("bn", BatchNorm.standard())
              .add("fc", Dense.of(1))
              .classify("class")
              .build());

  @Test
  void everyFloatingTypeIsRead() throws IOException {
    byte[] file =
        file(
            "{\"fc.weight\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[0,4]},"
                + "\"fc.bias\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[4,12]}}",
            ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3C01) // 1 + 2^-10
                .putShort((short) 0x8001) // −2^-24
                .putDouble(0.1)
                .array());
    assertThat(read(file, LAYOUT)).containsExactly(1 + 0x1p-10f, -0x1p-24f, 0.1f);
    byte[] brain =
        file(
            "{\"fc.weight\":{\"dtype\":\"BF16\",\"shape\":[1,2],\"data_offsets\":[0,4]},"
                + "\"fc.bias\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[4,6]}}",
            ByteBuffer.allocate(6)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3F81) // 1 + 2^-7
                .putShort((short) 0xC000) // −2
                .putShort((short) 0x7BFF) // 65504, the largest
                .array());
    assertThat(read(brain, LAYOUT)).containsExactly(1 + 0x1p-7f, -2, 65504);
  }

  @Test
  void countersOfBatchesAreLeftOutWhereThereIsABatchNorm() throws IOException {
    String counted =
        "{\"bn.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]},"
            + "\"bn.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]},"
            + "\"bn.running_mean\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]},"
            + "\"bn.running_var\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,40]},"
            + "\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[40,48]},"
            + "\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[48,52]}}";
    ByteBuffer data = ByteBuffer.allocate(52).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1).putFloat(2).putLong(77);
    for (int i = 3; i <= 11; i++) {
      data.putFloat(i);
    }
    assertThat(read(file(counted, data.array()), NORMED))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    // Nothing else may hide behind such a name: neither another layer's nor a large tensor.
    assertThatThrownBy(() -> read(file(counted.replace("bn.num", "fc.num"), data.array()), NORMED))
        .hasMessage(
            "w.safetensors: tensor fc.num_batches_tracked: the network has no such parameter");
    assertThatThrownBy(
            () ->
                read(
                    file(
                        counted.replace("\"I64\",\"shape\":[]", "\"F32\",\"shape\":[2]"),
                        data.array()),
                    NORMED))
        .hasMessage(
            "w.safetensors: tensor bn.num_batches_tracked: the network has no such parameter");
  }

  @Test
  void numbersThatAreNotFiniteAreRefusedWithTheirTensor() {
    String header =
        "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"fc.bias\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,16]}}";
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    byte[] one = data.putFloat(0, 1).putFloat(4, Float.NaN).putDouble(8, 0).array().clone();
    assertThatThrownBy(() -> read(file(header, one), LAYOUT))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("w.safetensors: tensor fc.weight: expected finite numbers, got NaN at 1 of 2");
    // Finite in f64, but beyond f32.
    byte[] both = data.putDouble(8, 1e300).array().clone();
    assertThatThrownBy(() -> read(file(header, both), LAYOUT))
        .hasMessage(
            "w.safetensors: tensor fc.weight: expected finite numbers, got NaN at 1 of 2; 1 more"
                + " tensor likewise");
    byte[] bias = data.putFloat(4, 1).array().clone();
    assertThatThrownBy(() -> read(file(header, bias), LAYOUT))
        .hasMessage(
            "w.safetensors: tensor fc.bias: expected finite numbers, got Infinity at 0 of 1");
  }

  @Test
  void everyDifferenceIsListedInOneLine() {
    byte[] file =
        file(
            "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"head.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            new byte[12]);
    assertThatThrownBy(() -> read(file, LAYOUT))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "w.safetensors: tensor fc.weight: expected F16/BF16/F32/F64 [1, 2], got F32 [2, 1];"
                + " tensor head.bias: the network has no such parameter; tensor fc.bias: not in"
                + " the file");
  }

  @Test
  void aLongListIsCutOffWithItsLength() {
    ParameterLayout large = ParameterLayout.of(Zoo.named("resnet50").published());
    assertThatThrownBy(() -> read(file("{}", new byte[0]), large))
        .hasMessageStartingWith("w.safetensors: tensor conv1.weight: not in the file; tensor bn1.")
        .hasMessageEndingWith("; and 259 more")
        .message()
        .hasLineCount(1);
  }

  @Test
  void aFileThatIsCutOffIsNamed() {
    byte[] file =
        file(
            "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            new byte[12]);
    byte[] cut = Arrays.copyOf(file, file.length - 6);
    assertThatThrownBy(() -> read(cut, LAYOUT))
        .hasMessageStartingWith("w.safetensors: tensor fc.weight: its data end at 8, but the file");
    // A stream that is shorter than the file was said to be.
    assertThatThrownBy(
            () ->
                PublishedWeights.read(
                    new ByteArrayInputStream(cut), file.length, "w.safetensors", LAYOUT))
        .hasMessage("w.safetensors: the file ends within tensor fc.weight");
  }

  @Test
  void whatSafetensorsWritesIsReadBack() throws IOException {
    float[] vector = {1, 2, 3};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, LAYOUT, vector, Map.of());
    assertThat(read(out.toByteArray(), LAYOUT)).isEqualTo(vector);
  }

  @Test
  void thePublishedResNet20Fits() throws IOException {
    Path file =
        Path.of(System.getProperty("convoy.root"), "../shared/data/resnet20-cifar10.safetensors");
    assumeTrue(Files.exists(file), "no published weights at " + file);
    ParameterLayout layout = ParameterLayout.of(Zoo.named("resnet20").published());
    try (InputStream in = Files.newInputStream(file)) {
      float[] vector = PublishedWeights.read(in, Files.size(file), file.toString(), layout);
      assertThat(vector).doesNotContain(Float.NaN);
      assertThat(vector[layout.slice("bn1.running_var").offset()]).isPositive();
    }
  }

  private static float[] read(byte[] file, ParameterLayout layout) throws IOException {
    return PublishedWeights.read(
        new ByteArrayInputStream(file), file.length, "w.safetensors", layout);
  }

  private static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }
}
