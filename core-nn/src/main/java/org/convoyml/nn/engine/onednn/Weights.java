package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
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
  private final FloatPointer parameterFloats;
  private final List<WeightCopy> copies = new ArrayList<>();
  private long bytes;
  private long version;

  Weights(ParameterLayout layout, engine engine, stream stream, Buffers buffers, boolean training) {
    this.engine = engine;
    this.stream = stream;
    this.buffers = buffers;
    long vectorBytes = (long) layout.size() * Float.BYTES;
    this.parameters = buffers.allocate(engine, vectorBytes);
    this.gradient = training ? buffers.allocate(engine, vectorBytes) : null;
    this.parameterFloats = buffers.keep(new FloatPointer(parameters));
    this.bytes = training ? 2 * vectorBytes : vectorBytes;
  }

  /** Takes new parameters; copies in other layouts are made when a program next needs them. */
  void load(float[] vector) {
    parameterFloats.position(0).put(vector, 0, vector.length);
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

  /** The gradient's elements, for copying to the Java side. */
  FloatPointer gradientFloats(int offset) {
    return buffers.keep(new FloatPointer(Buffers.at(gradient, (long) offset * Float.BYTES)));
  }

  /**
   * A weight in the layout that a primitive chose: the flat vector itself if it has that layout,
   * otherwise a copy.
   *
   * @param needed receives the copy, which must be {@linkplain WeightCopy#refresh refreshed} before
   *     the primitive runs
   */
  Value weight(
      ParameterSlice slice, long[] dimensions, memory.desc layout, List<WeightCopy> needed) {
    Value canonical = parameter(slice, dimensions);
    if (canonical.desc().equals(layout)) {
      return canonical;
    }
    for (WeightCopy copy : copies) {
      if (copy.isOf(slice, layout)) {
        needed.add(copy);
        return copy.value();
      }
    }
    WeightCopy copy = makeCopy(slice, canonical, layout);
    copies.add(copy);
    needed.add(copy);
    return copy.value();
  }

  /** Numbers that are known at compile time, row-major. */
  Value constant(float[] values, long... dimensions) {
    Pointer address = buffers.allocate(engine, (long) values.length * Float.BYTES);
    new FloatPointer(address).put(values, 0, values.length);
    return Value.fixed(Layouts.plain(dimensions), address);
  }

  private WeightCopy makeCopy(ParameterSlice slice, Value canonical, memory.desc layout) {
    // Lives as long as the network: the programs of other batch sizes compare their layouts with
    // it.
    memory.desc keptLayout = buffers.keep(new memory.desc(layout));
    Value value = Value.fixed(keptLayout, buffers.allocate(engine, layout.get_size()));
    bytes += layout.get_size();
    Tape tape = new Tape(engine, buffers);
    tape.reorder(canonical, value);
    BufferPlan plan = tape.plan();
    return new WeightCopy(slice, value, tape.bind(stream, buffers.allocate(engine, plan.bytes())));
  }

  private static Pointer at(Pointer vector, ParameterSlice slice) {
    return Buffers.at(vector, (long) slice.offset() * Float.BYTES);
  }

  /** A weight in a layout other than the canonical one. */
  static final class WeightCopy {
    private final ParameterSlice slice;
    private final Value value;
    private final List<Runnable> reorder;
    private long copiedVersion;

    private WeightCopy(ParameterSlice slice, Value value, List<Runnable> reorder) {
      this.slice = slice;
      this.value = value;
      this.reorder = reorder;
    }

    private boolean isOf(ParameterSlice otherSlice, memory.desc layout) {
      return slice.equals(otherSlice) && value.desc().equals(layout);
    }

    Value value() {
      return value;
    }

    /** Copies the parameter again if it was loaded since. */
    void refresh(long version) {
      if (copiedVersion != version) {
        for (Runnable instruction : reorder) {
          instruction.run();
        }
        copiedVersion = version;
      }
    }
  }
}
