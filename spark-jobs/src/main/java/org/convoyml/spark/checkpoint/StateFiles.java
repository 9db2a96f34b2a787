package org.convoyml.spark.checkpoint;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.io.Safetensors;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.model.ModelDirectory;

/**
 * The vectors of a training's state as files of one directory, each with its checksum: whole
 * vectors in the flat layout as safetensors, and slices of the optimizer's state, of which each
 * worker writes its own. A slice is little-endian floats, one state vector after the other.
 */
public final class StateFiles {
  /** The parameters, where the model's weights are not the same: with a moving average. */
  public static final String PARAMETERS = "parameters.safetensors";

  private static final int CHUNK_BYTES = 1 << 16;

  private final HadoopFiles files;
  private final Path directory;

  public StateFiles(HadoopFiles files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** Writes the weights of the model that this is a checkpoint of. */
  public StatePart writeWeights(ParameterLayout layout, float[] vector) {
    return write(
        ModelDirectory.WEIGHTS,
        0,
        layout.size(),
        out -> Safetensors.write(out, layout, vector, ModelDirectory.WEIGHTS_METADATA));
  }

  /** Writes the parameters beside the weights. */
  public StatePart writeParameters(ParameterLayout layout, float[] vector) {
    return write(
        PARAMETERS, 0, layout.size(), out -> Safetensors.write(out, layout, vector, Map.of()));
  }

  /**
   * Writes a slice of the optimizer's state.
   *
   * @param state vectors whose element 0 belongs to element {@code from} of the flat vector
   */
  public StatePart writeSlice(float[][] state, int from, int to) {
    return write(
        "optimizer-%010d-%010d.f32".formatted(from, to),
        from,
        to,
        out -> {
          for (float[] vector : state) {
            writeFloats(out, vector, to - from);
          }
        });
  }

  private static void writeFloats(OutputStream out, float[] vector, int count) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      if (!chunk.hasRemaining()) {
        out.write(chunk.array());
        chunk.clear();
      }
      chunk.putFloat(vector[i]);
    }
    out.write(chunk.array(), 0, chunk.position());
  }

  private StatePart write(String name, int from, int to, HadoopFiles.Use<OutputStream> use) {
    if (!files.isDirectory(directory)) {
      // To create it anew would help nobody.
      throw new ConvoyException(directory + ": is gone, so this attempt was given up");
    }
    CRC32C sum = new CRC32C();
    long[] bytes = new long[1];
    files.write(
        new Path(directory, name),
        out -> {
          Counted counted = new Counted(new CheckedOutputStream(out, sum));
          use.on(counted);
          bytes[0] = counted.bytes;
        });
    return new StatePart(name, from, to, bytes[0], sum.getValue());
  }

  /** Counts what passes. */
  private static final class Counted extends FilterOutputStream {
    private long bytes;

    private Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      bytes++;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      out.write(from, offset, length);
      bytes += length;
    }
  }

  /**
   * Reads the parameters, which are the weights unless they are there by themselves.
   *
   * @param parts all of the checkpoint
   * @throws ConvoyException if the file is not what was written
   */
  public float[] readParameters(ParameterLayout layout, List<StatePart> parts) {
    StatePart part =
        find(parts, PARAMETERS)
            .or(() -> find(parts, ModelDirectory.WEIGHTS))
            .orElseThrow(() -> new ConvoyException(directory + ": has no parameters"));
    float[] vector = new float[layout.size()];
    read(
        part,
        in -> {
          Safetensors.read(in, part.bytes(), path(part).toString(), layout, vector);
        });
    return vector;
  }

  private static Optional<StatePart> find(List<StatePart> parts, String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /**
   * Reads the optimizer's state for a range, from all slices that overlap it.
   *
   * @param parts all of the checkpoint
   * @param state receives it; element 0 belongs to element {@code from} of the flat vector
   * @throws ConvoyException if a file is not what was written
   */
  public void readState(List<StatePart> parts, float[][] state, int from, int to) {
    if (state.length == 0) {
      return;
    }
    int covered = 0;
    for (StatePart part : parts) {
      boolean whole = part.name().equals(PARAMETERS) || part.name().equals(ModelDirectory.WEIGHTS);
      if (!whole && part.from() < to && part.to() > from) {
        readSlice(part, state, from, to);
        covered += Math.min(to, part.to()) - Math.max(from, part.from());
      }
    }
    if (covered != to - from) {
      throw new ConvoyException(
          "%s: expected the optimizer's state of %d parameters, found that of %d"
              .formatted(directory, to - from, covered));
    }
  }

  private void readSlice(StatePart part, float[][] state, int from, int to) {
    long expected = (long) Float.BYTES * state.length * (part.to() - part.from());
    if (part.bytes() != expected) {
      throw new ConvoyException(
          "%s: expected %d bytes, %d state vectors, found %d"
              .formatted(path(part), expected, state.length, part.bytes()));
    }
    read(
        part,
        in -> {
          for (float[] vector : state) {
            readFloats(in, part, vector, from, to);
          }
        });
  }

  /** Reads one vector of a slice and keeps what is in the range. */
  private static void readFloats(InputStream in, StatePart part, float[] vector, int from, int to)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int next = part.from();
    while (next < part.to()) {
      int count = Math.min(CHUNK_BYTES / Float.BYTES, part.to() - next);
      if (in.readNBytes(chunk.array(), 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new EOFException("it ends too early");
      }
      for (int i = Math.max(next, from); i < Math.min(next + count, to); i++) {
        vector[i - from] = chunk.getFloat((i - next) * Float.BYTES);
      }
      next += count;
    }
  }

  /** Reads a file to its end and compares its checksum. */
  private void read(StatePart part, HadoopFiles.Use<InputStream> use) {
    files.read(
        path(part),
        (in, length) -> {
          checkEqual(part, "bytes", part.bytes(), length);
          CheckedInputStream checked = new CheckedInputStream(in, new CRC32C());
          use.on(checked);
          checkEqual(part, "CRC-32C", part.crc32c(), checked.getChecksum().getValue());
          return null;
        });
  }

  /**
   * Copies a file, and compares its length and checksum on the way.
   *
   * @throws ConvoyException if it is missing or another; what was copied is not to be used then
   */
  public void copy(StatePart part, OutputStream out) {
    read(part, in -> in.transferTo(out));
  }

  /**
   * Reads a file and compares its length and checksum with what was written.
   *
   * @throws ConvoyException if it is missing or another
   */
  public void verify(StatePart part) {
    copy(part, OutputStream.nullOutputStream());
  }

  private void checkEqual(StatePart part, String what, long expected, long found) {
    if (expected != found) {
      throw new ConvoyException(
          "%s: expected %s %d, found %d".formatted(path(part), what, expected, found));
    }
  }

  private Path path(StatePart part) {
    return new Path(directory, part.name());
  }
}
