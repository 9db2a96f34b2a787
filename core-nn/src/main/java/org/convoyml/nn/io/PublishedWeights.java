package org.convoyml.nn.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.io.TensorEntry.DataType;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * Reads weights that others trained, by the names of their tensors, which networks of the zoo
 * share. Every parameter must be there and nothing else, but for PyTorch's counters of batches
 * ({@code num_batches_tracked}), which are left out: a running average with fixed momentum does not
 * need them. Numbers stored as f16, bf16 or f64 are brought to f32.
 */
public final class PublishedWeights {
  private static final String COUNTER = ".num_batches_tracked";
  private static final String RUNNING_MEAN = ".running_mean";
  private static final Set<DataType> TYPES =
      Set.of(DataType.F16, DataType.BF16, DataType.F32, DataType.F64);
  private static final int CHUNK = 1 << 13;

  private PublishedWeights() {}

  /**
   * Reads a file.
   *
   * @param fileSize length of the file in bytes
   * @param origin the file's name, for messages
   * @return a new flat vector
   * @throws ConvoyException if the file is malformed or cut off, does not hold exactly the
   *     network's tensors (all differences are listed), or holds numbers that are NaN or infinite
   *     in f32
   */
  public static float[] read(InputStream in, long fileSize, String origin, ParameterLayout layout)
      throws IOException {
    SafetensorsHeader header = Safetensors.readHeader(in, fileSize, origin);
    List<TensorEntry> wanted =
        header.tensors().stream().filter(tensor -> !isCounter(tensor, layout)).toList();
    Map<String, ParameterSlice> slices = TensorMatching.match(wanted, layout, TYPES, origin);
    float[] vector = new float[layout.size()];
    for (TensorEntry tensor : header.tensors()) {
      if (isCounter(tensor, layout)) {
        skip(in, tensor, origin);
      } else {
        read(in, tensor, slices.get(tensor.name()), origin, vector);
      }
    }
    FiniteWeights.check(vector, layout, origin);
    return vector;
  }

  /** A single number that belongs to a batch norm of the network. */
  private static boolean isCounter(TensorEntry tensor, ParameterLayout layout) {
    return tensor.name().endsWith(COUNTER)
        && tensor.end() - tensor.begin() == tensor.type().bytes()
        && layout.slices().stream()
            .anyMatch(slice -> slice.name().equals(tensor.name().replace(COUNTER, RUNNING_MEAN)));
  }

  private static void skip(InputStream in, TensorEntry tensor, String origin) throws IOException {
    int length = tensor.type().bytes();
    Safetensors.checkComplete(
        origin, "tensor " + tensor.name(), in.readNBytes(length).length, length);
  }

  private static void read(
      InputStream in, TensorEntry tensor, ParameterSlice slice, String origin, float[] vector)
      throws IOException {
    int size = tensor.type().bytes();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int next = slice.offset(); next < slice.end(); ) {
      int numbers = Math.min(CHUNK, slice.end() - next);
      int got = in.readNBytes(chunk.array(), 0, numbers * size);
      Safetensors.checkComplete(origin, "tensor " + tensor.name(), got, (long) numbers * size);
      for (int i = 0; i < numbers; i++) {
        vector[next++] = number(chunk, i * size, tensor.type());
      }
    }
  }

  private static float number(ByteBuffer bytes, int at, DataType type) {
    return switch (type) {
      case F32 -> bytes.getFloat(at);
      case F64 -> (float) bytes.getDouble(at);
      case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      case F16 -> HalfPrecision.toFloat(bytes.getShort(at));
      default -> throw new IllegalStateException("matched a type that cannot be read: " + type);
    };
  }
}
