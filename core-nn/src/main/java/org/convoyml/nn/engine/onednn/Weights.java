package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * The flat vectors of parameters and gradient in native memory, and copies of weights in the
 * layouts that primitives chose. Programs for several batch sizes share copies of equal layout.
 */
final class Weights {
  private final engine engine;
  private final stream stream;
  private final Buffers buffers;
  private final Pointer parameters;
  private final Pointer gradient;
  private final FloatBuffer parameterFloats;
  private final List<WeightCopy> copies = new ArrayList<>();
  private Pointer scratch;
  private long scratchLength;
  private long bytes;
  private long version;

  Weights(ParameterLayout layout, engine engine, stream stream, Buffers buffers, boolean training) {
    this.engine = engine;
    this.stream = stream;
    this.buffers = buffers;
    long vectorBytes = (long) layout.size() * Float.BYTES;
    this.parameters = buffers.allocate(vectorBytes);
    this.gradient = training ? buffers.allocate(vectorBytes) : null;
    this.parameterFloats = Buffers.floats(parameters, vectorBytes);
    this.bytes = training ? 2 * vectorBytes : vectorBytes;
  }

  /** Takes new parameters; copies in other layouts are made when a program next needs them. */
  void load(float[] vector) {
    parameterFloats.put(0, vector, 0, vector.length);
    version++;
  }

  /** Takes the parameters of another network of the same layout. */
  void load(Weights other) {
    parameterFloats.put(0, other.parameterFloats, 0, parameterFloats.capacity());
    version++;
  }

  boolean isLoaded() {
    return version > 0;
  }

  long version() {
    return version;
  }

  long bytes() {
    return bytes;
  }

  /** A parameter where it lies in the flat vector, row-major in the given dimensions. */
  Value parameter(ParameterSlice slice, long... dimensions) {
    return Value.fixed(Layouts.plain(dimensions), at(parameters, slice));
  }

  /** A gradient where it lies in the flat vector, row-major in the given dimensions. */
  Value gradient(ParameterSlice slice, long... dimensions) {
    return Value.fixed(Layouts.plain(dimensions), at(gradient, slice));
  }

  /** A range of the gradient, for copying to the Java side. */
  FloatBuffer gradientFloats(int from, int to) {
    Pointer first = Buffers.at(gradient, (long) from * Float.BYTES);
    return Buffers.floats(first, (long) (to - from) * Float.BYTES);
  }

  /**
   * A copy of a weight in the layout that a primitive chose, which must be {@linkplain
   * WeightCopy#refresh refreshed} before the primitive runs; or null if the flat vector itself has
   * that layout.
   *
   * @param norm whose factors the weights are multiplied with, or null
   */
  WeightCopy copy(ParameterSlice slice, long[] dimensions, memory.desc layout, FoldedNorm norm) {
    Value canonical = parameter(slice, dimensions);
    if (norm == null && canonical.desc().equals(layout)) {
      return null;
    }
    for (WeightCopy copy : copies) {
      if (copy.isOf(slice, norm, layout)) {
        return copy;
      }
    }
    Value value = keptValue(layout);
    Tape tape = new Tape(engine, buffers);
    if (norm == null) {
      tape.reorder(canonical, value);
    } else {
      recordFolding(tape, canonical, value, norm);
    }
    return add(new WeightCopy(slice, norm, value, finished(tape)));
  }

  /** The bias that is left when a batch norm is folded into the weights before it. */
  WeightCopy foldedBias(FoldedNorm norm) {
    for (WeightCopy copy : copies) {
      if (copy.isOf(norm.shift(), norm, copy.value().desc())) {
        return copy;
      }
    }
    Value value = keptValue(Layouts.plain(norm.channels()));
    Tape tape = new Tape(engine, buffers);
    Tape.HostTensor bias = tape.onHost(value);
    float[] numbers = new float[norm.channels()];
    tape.host(
        () -> {
          for (int c = 0; c < numbers.length; c++) {
            numbers[c] = norm.bias(parameterFloats, c);
          }
          bias.put(numbers, numbers.length);
        },
        value);
    return add(new WeightCopy(norm.shift(), norm, value, finished(tape)));
  }

  private void recordFolding(Tape tape, Value canonical, Value into, FoldedNorm norm) {
    long[] dimensions = Layouts.dimensionsOf(canonical.desc());
    long[] perChannel = new long[dimensions.length];
    Arrays.fill(perChannel, 1);
    perChannel[0] = dimensions[0];
    if (dimensions[0] != norm.channels()) {
      perChannel[1] = dimensions[1]; // in groups
    }
    Value factors = Value.planned(Layouts.plain(perChannel));
    Tape.HostTensor onHost = tape.onHost(factors);
    float[] numbers = new float[norm.channels()];
    tape.host(
        () -> {
          for (int c = 0; c < numbers.length; c++) {
            numbers[c] = norm.factor(parameterFloats, c);
          }
          onHost.put(numbers, numbers.length);
        },
        factors);
    Value product = Value.planned(canonical.desc());
    tape.run(
        new binary.primitive_desc(
            engine,
            dnnl.dnnl_binary_mul,
            canonical.desc(),
            factors.desc(),
            canonical.desc(),
            Tape.attributes(),
            false),
        argument(dnnl.DNNL_ARG_SRC_0, canonical),
        argument(dnnl.DNNL_ARG_SRC_1, factors),
        argument(dnnl.DNNL_ARG_DST, product));
    tape.reorder(product, into);
  }

  /** Numbers that are known at compile time, row-major. */
  Value constant(float[] values, long... dimensions) {
    Pointer address = buffers.allocate((long) values.length * Float.BYTES);
    Buffers.floats(address, (long) values.length * Float.BYTES).put(0, values);
    return Value.fixed(Layouts.plain(dimensions), address);
  }

  /** Numbers that are known at compile time, brought to the given layout. */
  Value constant(float[] values, long[] dimensions, memory.desc layout) {
    Value canonical = constant(values, dimensions);
    if (canonical.desc().equals(layout)) {
      return canonical;
    }
    Value value = keptValue(layout);
    Tape tape = new Tape(engine, buffers);
    tape.reorder(canonical, value);
    finished(tape).forEach(Runnable::run);
    return value;
  }

  private WeightCopy add(WeightCopy copy) {
    copies.add(copy);
    bytes += copy.value().bytes();
    return copy;
  }

  /** A value that lives as long as the network: programs of other batch sizes may share it. */
  private Value keptValue(memory.desc layout) {
    memory.desc kept = buffers.keep(new memory.desc(layout));
    return Value.fixed(kept, buffers.allocate(layout.get_size()));
  }

  private List<Runnable> finished(Tape tape) {
    return tape.bind(stream, scratch(tape.plan().bytes()));
  }

  /** Working memory for one copy at a time; those bound earlier keep what they have. */
  private Pointer scratch(long needed) {
    if (scratch == null || needed > scratchLength) {
      scratch = buffers.allocate(needed);
      scratchLength = needed;
      bytes += needed;
    }
    return scratch;
  }

  private static Pointer at(Pointer vector, ParameterSlice slice) {
    return Buffers.at(vector, (long) slice.offset() * Float.BYTES);
  }

  /** Something made of parameters that must be made again when they change. */
  static final class WeightCopy {
    private final ParameterSlice slice;
    private final FoldedNorm norm;
    private final Value value;
    private final List<Runnable> instructions;
    private long copiedVersion;

    private WeightCopy(
        ParameterSlice slice, FoldedNorm norm, Value value, List<Runnable> instructions) {
      this.slice = slice;
      this.norm = norm;
      this.value = value;
      this.instructions = instructions;
    }

    private boolean isOf(ParameterSlice otherSlice, FoldedNorm otherNorm, memory.desc layout) {
      return slice.equals(otherSlice)
          && Objects.equals(norm, otherNorm)
          && value.desc().equals(layout);
    }

    Value value() {
      return value;
    }

    /** Makes it again if parameters were loaded since. */
    void refresh(long version) {
      if (copiedVersion != version) {
        for (int i = 0; i < instructions.size(); i++) {
          instructions.get(i).run();
        }
        copiedVersion = version;
      }
    }
  }
}
