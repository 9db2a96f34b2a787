package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Vectors as ND4J writes them, and as it once did. */
class NdArrayReaderTest {
  private static final float[] NUMBERS = {1.5f, -0.25f, 3, 65504, -0.0f};

  /** Before 1.0.0-beta4 an array had lengths of 32 bits, at first its shape too. */
  @ParameterizedTest
  @ValueSource(strings = {"DIRECT", "HEAP", "JAVACPP"})
  void headersOfOldVersions(String allocation) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(allocation);
    out.writeInt(8);
    out.writeUTF("INT");
    for (int number : new int[] {2, 1, NUMBERS.length, 1, 1, 0, 1, 'c'}) {
      out.writeInt(number);
    }
    out.writeUTF(allocation);
    out.writeInt(NUMBERS.length);
    out.writeUTF("FLOAT");
    for (float number : NUMBERS) {
      out.writeFloat(number);
    }
    assertThat(read(bytes.toByteArray())).containsExactly(NUMBERS);
  }

  @Test
  void longShapes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF("LONG_SHAPE");
    out.writeLong(8);
    out.writeUTF("LONG");
    for (long number : new long[] {2, 1, NUMBERS.length, 1, 1, 0, 1, 'c'}) {
      out.writeLong(number);
    }
    out.writeUTF("LONG_SHAPE");
    out.writeLong(NUMBERS.length);
    out.writeUTF("DOUBLE");
    for (float number : NUMBERS) {
      out.writeDouble(number);
    }
    assertThat(Nd4j.read(new ByteArrayInputStream(bytes.toByteArray())).toFloatVector())
        .as("as Nd4j reads it")
        .containsExactly(NUMBERS);
    assertThat(read(bytes.toByteArray())).containsExactly(NUMBERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void typesOfToday(String type) throws IOException {
    INDArray array = Nd4j.createFromArray(NUMBERS).castTo(DataType.valueOf(type));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Nd4j.write(array, new DataOutputStream(bytes));
    assertThat(read(bytes.toByteArray()))
        .containsExactly(array.castTo(DataType.FLOAT).toFloatVector());
  }

  private static float[] read(byte[] bytes) throws IOException {
    return NdArrayReader.read(
        new ByteArrayInputStream(bytes), bytes.length, "test", NUMBERS.length);
  }
}
