package org.convoyml.nn.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;

/**
 * One primitive with its arguments, ready to run. It goes through oneDNN's C interface, because the
 * C++ one builds a map and a vector at every call.
 */
final class Call implements Runnable {
  private final dnnl_primitive primitive;
  private final dnnl_stream stream;
  private final int count;
  private final dnnl_exec_arg_t arguments;

  Call(primitive primitive, stream stream, List<Tape.Argument> arguments, Buffers buffers) {
    this.primitive = primitive.get();
    this.stream = stream.get();
    this.count = arguments.size();
    this.arguments = buffers.keep(new dnnl_exec_arg_t(count));
    for (int i = 0; i < count; i++) {
      Tape.Argument argument = arguments.get(i);
      this.arguments.position(i).arg(argument.kind()).memory(argument.value().handle().get());
    }
    this.arguments.position(0);
  }

  @Override
  public void run() {
    int status = dnnl.dnnl_primitive_execute(primitive, stream, count, arguments);
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException("a oneDNN primitive failed with status " + status);
    }
  }
}
