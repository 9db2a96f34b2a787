package org.convoyml.dl4j.exchange;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.io.HalfPrecision;

/**
 * ND4J's binary format of a vector: two buffers, one that describes the shape and one with the
 * numbers. A buffer is the name of a way to allocate, its length, the name of a type, and
 * big-endian numbers. The shape's buffer is {@code [rank, shape…, strides…, flags, element stride,
 * order]}; of a vector only the shape says something.
 */
final class NdArrayReader {
  /** As an array of Java can have. */
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  /** These wrote lengths of 32 bits, later ones 64. */
  private static final Set<String> SHORT_LENGTHS = Set.of("DIRECT", "HEAP", "JAVACPP");

  private static final Set<String> LONG_LENGTHS = Set.of("LONG_SHAPE", "MIXED_DATA_TYPES");
  private static final int MAX_RANK = 32;
  private static final int CHUNK = 1 << 13;

  private final DataInputStream in;
  private final long most;
  private final String origin;

  private record Header(long length, String type) {}

  private NdArrayReader(InputStream in, long most, String origin) {
    this.in = new DataInputStream(in);
    this.most = most;
    this.origin = origin;
  }

  /**
   * Reads a vector to the end of a stream. Nothing is allocated that the stream cannot fill.
   *
   * @param most how many bytes the stream has at most
   * @param origin for messages
   * @param expected how many numbers there must be
   * @return numbers as f32; ones that are not finite too
   * @throws ConvoyException if it is anything else
   */
  static float[] read(InputStream in, long most, String origin, long expected) throws IOException {
    NdArrayReader reader = new NdArrayReader(in, most, origin);
    try {
      float[] numbers = reader.vector(expected);
      if (in.read() != -1) {
        throw reader.wrong("the end of the entry", "more behind the numbers");
      }
      return numbers;
    } catch (EOFException e) {
      throw new ConvoyException(
          "%s: expected an array of %,d numbers, but it ends before".formatted(origin, expected),
          e);
    }
  }

  private float[] vector(long expected) throws IOException {
    long described = shape();
    Header header = header();
    int size =
        switch (header.type) {
          case "FLOAT" -> Float.BYTES;
          case "DOUBLE" -> Double.BYTES;
          case "HALF", "BFLOAT16" -> Short.BYTES;
          default -> throw wrong("numbers of FLOAT, DOUBLE, HALF or BFLOAT16", header.type);
        };
    if (header.length != expected || described != expected) {
      throw wrong(
          "%,d numbers, as many as the configuration asks for".formatted(expected),
          described == header.length
              ? "%,d".formatted(described)
              : "a shape of %,d and a length of %,d".formatted(described, header.length));
    }
    if (expected * size > most) {
      throw new EOFException();
    }
    if (expected > MOST_NUMBERS) {
      throw wrong("at most %,d numbers".formatted(MOST_NUMBERS), "%,d".formatted(expected));
    }
    float[] numbers = new float[(int) expected];
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * size);
    for (int next = 0; next < numbers.length; ) {
      int count = Math.min(CHUNK, numbers.length - next);
      in.readFully(chunk.array(), 0, count * size);
      for (int i = 0; i < count; i++) {
        numbers[next++] = number(chunk, i * size, header.type);
      }
    }
    return numbers;
  }

  private static float number(ByteBuffer bytes, int at, String type) {
    return switch (type) {
      case "FLOAT" -> bytes.getFloat(at);
      case "DOUBLE" -> (float) bytes.getDouble(at);
      case "BFLOAT16" -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      default -> HalfPrecision.toFloat(bytes.getShort(at));
    };
  }

  /** Reads the shape's buffer; returns how many numbers it promises. */
  private long shape() throws IOException {
    Header header = header();
    boolean wide = header.type.equals("LONG");
    if (!wide && !header.type.equals("INT")) {
      throw wrong("a shape of LONG or INT", header.type);
    }
    if (header.length < 4 || header.length > 2 * MAX_RANK + 4) {
      throw wrong(
          "a shape of at most %d dimensions".formatted(MAX_RANK), header.length + " numbers");
    }
    long[] numbers = new long[(int) header.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = wide ? in.readLong() : in.readInt();
    }
    long rank = numbers[0];
    if (rank < 0 || 2 * rank + 4 != numbers.length) {
      throw wrong("a shape of rank %d".formatted((numbers.length - 4) / 2), "rank " + rank);
    }
    long elements = 1;
    for (int i = 1; i <= rank; i++) {
      // In a vector all dimensions but one are 1.
      if (numbers[i] <= 0 || (numbers[i] != 1 && elements != 1)) {
        throw wrong("a vector", "a dimension of " + numbers[i]);
      }
      elements *= numbers[i];
    }
    return elements;
  }

  private Header header() throws IOException {
    String allocation = name();
    boolean isShort = SHORT_LENGTHS.contains(allocation);
    if (!isShort && !LONG_LENGTHS.contains(allocation)) {
      throw wrong("an array of ND4J", "'" + allocation + "'");
    }
    return new Header(isShort ? in.readInt() : in.readLong(), name());
  }

  /** As {@link DataInputStream#readUTF}, but for names of types only. */
  private String name() throws IOException {
    int length = in.readUnsignedShort();
    if (length > 32) {
      throw wrong("an array of ND4J", "a name of %d bytes".formatted(length));
    }
    byte[] name = new byte[length];
    in.readFully(name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  private ConvoyException wrong(String expected, String found) {
    return new ConvoyException(
        "%s: expected %s, found %s".formatted(origin, expected, Printable.of(found)));
  }
}
