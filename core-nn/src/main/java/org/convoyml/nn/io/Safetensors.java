package org.convoyml.nn.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * The safetensors format: eight bytes with the length of the header (little-endian), the header (a
 * JSON object that names every tensor's type, shape and place), then the numbers, little-endian and
 * row-major. A flat vector is written slice by slice, running statistics included, as {@code F32}.
 *
 * <p>Streams are read and written in chunks, are not closed, and need no buffering of their own.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The format's description</a>
 */
public final class Safetensors {
  /** The reference implementation's own limit. */
  static final int MAX_HEADER_LENGTH = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int MAX_QUOTED = 200;
  private static final int CHUNK_BYTES = 1 << 16;

  private Safetensors() {}

  /**
   * Writes a flat vector. The same arguments give the same bytes.
   *
   * @param vector of {@code layout.size()} elements
   * @param metadata free text by key; written in the order of the keys
   */
  public static void write(
      OutputStream out, ParameterLayout layout, float[] vector, Map<String, String> metadata)
      throws IOException {
    if (vector.length != layout.size()) {
      throw new IllegalArgumentException(
          "vector: expected %d elements, got %d".formatted(layout.size(), vector.length));
    }
    byte[] header = HeaderWriter.write(layout, metadata);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(chunk.putLong(header.length).array(), 0, LENGTH_BYTES);
    out.write(header);
    chunk.clear();
    // The slices tile the vector in order, so the data are the vector itself.
    for (float value : vector) {
      if (!chunk.hasRemaining()) {
        out.write(chunk.array());
        chunk.clear();
      }
      chunk.putFloat(value);
    }
    out.write(chunk.array(), 0, chunk.position());
  }

  /**
   * Reads a file's header and checks that it describes the whole file. The stream then stands at
   * the first byte of data.
   *
   * @param fileSize length of the file in bytes
   * @param origin the file's name, for messages
   * @throws ConvoyException if the header is malformed or lies
   */
  public static SafetensorsHeader readHeader(InputStream in, long fileSize, String origin)
      throws IOException {
    if (fileSize < LENGTH_BYTES) {
      throw new ConvoyException(
          "%s: expected a safetensors file, got %d bytes".formatted(origin, fileSize));
    }
    byte[] length = in.readNBytes(LENGTH_BYTES);
    checkComplete(origin, "the header's length", length.length, LENGTH_BYTES);
    long headerLength = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_LENGTH, fileSize - LENGTH_BYTES);
    if (headerLength < 0 || headerLength > most) {
      throw new ConvoyException(
          "%s: expected a header of at most %d bytes, got %s"
              .formatted(origin, most, Long.toUnsignedString(headerLength)));
    }
    byte[] json = in.readNBytes((int) headerLength);
    checkComplete(origin, "the header", json.length, headerLength);
    return new HeaderParser(origin).parse(json, fileSize - LENGTH_BYTES - headerLength);
  }

  /**
   * Reads a file into a flat vector. The file must hold exactly the tensors of the layout; their
   * order is free. All that can be checked is checked before the first element of {@code target} is
   * written. Only a stream that ends before {@code fileSize} bytes, or breaks, leaves {@code
   * target} partly overwritten: after an exception, do not use it.
   *
   * @param fileSize length of the file in bytes
   * @param origin the file's name, for messages
   * @param target receives {@code layout.size()} elements
   * @return the file's metadata
   * @throws ConvoyException if the file is malformed or does not fit the layout
   */
  public static Map<String, String> read(
      InputStream in, long fileSize, String origin, ParameterLayout layout, float[] target)
      throws IOException {
    if (target.length != layout.size()) {
      throw new IllegalArgumentException(
          "target: expected %d elements, got %d".formatted(layout.size(), target.length));
    }
    SafetensorsHeader header = readHeader(in, fileSize, origin);
    Map<String, ParameterSlice> slices =
        TensorMatching.match(header.tensors(), layout, Set.of(TensorEntry.DataType.F32), origin);
    for (TensorEntry tensor : header.tensors()) {
      readData(in, origin, slices.get(tensor.name()), target);
    }
    return header.metadata();
  }

  private static void readData(InputStream in, String origin, ParameterSlice slice, float[] target)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int next = slice.offset();
    while (next < slice.end()) {
      int wanted = (int) Math.min(CHUNK_BYTES, (long) Float.BYTES * (slice.end() - next));
      int got = in.readNBytes(chunk.array(), 0, wanted);
      checkComplete(origin, "tensor " + slice.name(), got, wanted);
      chunk.asFloatBuffer().get(target, next, wanted / Float.BYTES);
      next += wanted / Float.BYTES;
    }
  }

  static void checkComplete(String origin, String what, int found, long expected) {
    if (found != expected) {
      throw new ConvoyException("%s: the file ends within %s".formatted(origin, what));
    }
  }

  static String message(String origin, String tensor, String problem) {
    return "%s: tensor %s: %s".formatted(origin, abbreviate(tensor), abbreviate(problem));
  }

  /** What a hostile file says may be megabytes long. */
  static String abbreviate(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
  }
}
