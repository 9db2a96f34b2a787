package org.convoyml.nn.engine.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * Records instructions (oneDNN primitives, and work on the Java side between them), then places
 * their tensors and turns them into something that runs without allocating.
 */
final class Tape {
  /** A tensor whose elements pass between Java and native memory. */
  static final class HostTensor {
    private final Value value;
    private FloatBuffer floats;

    private HostTensor(Value value) {
      this.value = value;
    }

    Value value() {
      return value;
    }

    /** Copies the first numbers to Java. */
    void get(float[] into, int from, int length) {
      floats.get(0, into, from, length);
    }

    /** Copies numbers from Java. */
    void put(float[] numbers, int length) {
      floats.put(0, numbers, 0, length);
    }
  }

  /** One argument of a primitive. */
  record Argument(int kind, Value value) {}

  private record Recorded(primitive primitive, List<Argument> arguments, Runnable host) {}

  private final engine engine;
  private final Buffers buffers;
  private final List<Recorded> recorded = new ArrayList<>();
  private final Set<Value> planned = new LinkedHashSet<>();
  private final List<HostTensor> hostTensors = new ArrayList<>();

  Tape(engine engine, Buffers buffers) {
    this.engine = engine;
    this.buffers = buffers;
  }

  engine engine() {
    return engine;
  }

  /** Attributes of every primitive: the same bits every time, and working memory that we plan. */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.dnnl_scratchpad_mode_user);
    attributes.set_deterministic(true);
    return attributes;
  }

  static Argument argument(int kind, Value value) {
    return new Argument(kind, value);
  }

  /** Records one primitive. Its scratchpad is a tensor that lives for this instruction only. */
  void run(primitive_desc_base description, Argument... arguments) {
    run(description, List.of(arguments));
  }

  void run(primitive_desc_base description, List<Argument> arguments) {
    List<Argument> all = new ArrayList<>(arguments);
    memory.desc scratchpad = description.scratchpad_desc();
    if (scratchpad.get_size() > 0) {
      all.add(argument(dnnl.DNNL_ARG_SCRATCHPAD, Value.planned(scratchpad)));
    }
    all.forEach(each -> use(each.value()));
    recorded.add(new Recorded(buffers.keep(new primitive(description.get())), all, null));
  }

  /** Records work on the Java side that reads or writes the given tensors. */
  void host(Runnable work, Value... used) {
    List<Argument> arguments = new ArrayList<>();
    for (Value value : used) {
      arguments.add(argument(dnnl.DNNL_ARG_UNDEF, value));
      use(value);
    }
    recorded.add(new Recorded(null, arguments, work));
  }

  /** Lets work on the Java side reach a row-major f32 tensor, once it has its place. */
  HostTensor onHost(Value value) {
    HostTensor tensor = new HostTensor(value);
    hostTensors.add(tensor);
    return tensor;
  }

  /** The tensor in the given layout: itself if it has it already, or a reordered copy. */
  Value inLayout(Value value, memory.desc layout) {
    if (value.desc().equals(layout)) {
      return value;
    }
    Value copy = Value.planned(layout);
    reorder(value, copy);
    return copy;
  }

  /** Records a copy from one layout to another. */
  void reorder(Value from, Value to) {
    run(
        new reorder.primitive_desc(engine, from.desc(), engine, to.desc(), attributes(), false),
        argument(dnnl.DNNL_ARG_FROM, from),
        argument(dnnl.DNNL_ARG_TO, to));
  }

  private void use(Value value) {
    Value storage = value.storage();
    storage.useAt(recorded.size());
    if (storage.isPlanned()) {
      planned.add(storage);
    }
  }

  /** Places the tensors. */
  BufferPlan plan() {
    return BufferPlan.place(List.copyOf(planned), recorded.size());
  }

  /** What runs, with all addresses fixed. */
  List<Runnable> bind(stream stream, Pointer buffer) {
    for (HostTensor tensor : hostTensors) {
      Pointer address = tensor.value.address(buffer);
      tensor.floats = Buffers.floats(address, tensor.value.bytes());
    }
    List<Runnable> instructions = new ArrayList<>();
    for (Recorded each : recorded) {
      for (Argument argument : each.arguments()) {
        bind(argument.value(), buffer);
      }
      instructions.add(
          each.host() != null
              ? each.host()
              : new Call(each.primitive(), stream, each.arguments(), buffers));
    }
    return instructions;
  }

  private void bind(Value value, Pointer buffer) {
    if (value.handle() == null) {
      value.bind(buffers.keep(new memory(value.desc(), engine, value.address(buffer))));
    }
  }
}
