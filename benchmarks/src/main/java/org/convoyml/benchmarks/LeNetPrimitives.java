package org.convoyml.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;

/**
 * The bare oneDNN primitives of one LeNet training step, each on buffers of its own in the layout
 * it likes best, without bias, activation, pooling, reorders, loss or update: the bound that an
 * engine can approach.
 */
final class LeNetPrimitives {
  private static final memory.data_type F32 = memory.data_type.f32;

  private final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
  private final stream stream = new stream(engine);
  private final List<primitive> primitives = new ArrayList<>();
  private final List<IntMemoryMap> arguments = new ArrayList<>();

  LeNetPrimitives(int batch) {
    convolution(batch, 1, 20, 28, false);
    convolution(batch, 20, 50, 12, true);
    dense(batch, 800, 500);
    dense(batch, 500, 10);
  }

  /** Runs each once. */
  void run() {
    for (int i = 0; i < primitives.size(); i++) {
      primitives.get(i).execute(stream, arguments.get(i));
    }
    stream._wait();
  }

  private void convolution(int batch, int channels, int filters, int side, boolean data) {
    memory.desc x = any(batch, channels, side, side);
    memory.desc w = any(filters, channels, 5, 5);
    memory.desc y = any(batch, filters, side - 4, side - 4);
    long[] stride = {1, 1};
    long[] padding = {0, 0};
    var forward =
        new convolution_forward.primitive_desc(
            engine,
            dnnl.dnnl_forward_training,
            dnnl.dnnl_convolution_direct,
            x,
            w,
            y,
            stride,
            padding,
            padding);
    add(
        new convolution_forward(forward),
        dnnl.DNNL_ARG_SRC,
        forward.src_desc(),
        dnnl.DNNL_ARG_WEIGHTS,
        forward.weights_desc(),
        dnnl.DNNL_ARG_DST,
        forward.dst_desc());
    if (data) {
      var backward =
          new convolution_backward_data.primitive_desc(
              engine, dnnl.dnnl_convolution_direct, x, w, y, stride, padding, padding, forward);
      add(
          new convolution_backward_data(backward),
          dnnl.DNNL_ARG_DIFF_SRC,
          backward.diff_src_desc(),
          dnnl.DNNL_ARG_WEIGHTS,
          backward.weights_desc(),
          dnnl.DNNL_ARG_DIFF_DST,
          backward.diff_dst_desc());
    }
    var weights =
        new convolution_backward_weights.primitive_desc(
            engine, dnnl.dnnl_convolution_direct, x, w, y, stride, padding, padding, forward);
    add(
        new convolution_backward_weights(weights),
        dnnl.DNNL_ARG_SRC,
        weights.src_desc(),
        dnnl.DNNL_ARG_DIFF_WEIGHTS,
        weights.diff_weights_desc(),
        dnnl.DNNL_ARG_DIFF_DST,
        weights.diff_dst_desc());
  }

  private void dense(int batch, int inputs, int units) {
    memory.desc x = any(batch, inputs);
    memory.desc w = any(units, inputs);
    memory.desc y = any(batch, units);
    var forward =
        new inner_product_forward.primitive_desc(engine, dnnl.dnnl_forward_training, x, w, y);
    add(
        new inner_product_forward(forward),
        dnnl.DNNL_ARG_SRC,
        forward.src_desc(),
        dnnl.DNNL_ARG_WEIGHTS,
        forward.weights_desc(),
        dnnl.DNNL_ARG_DST,
        forward.dst_desc());
    var backward = new inner_product_backward_data.primitive_desc(engine, x, w, y, forward);
    add(
        new inner_product_backward_data(backward),
        dnnl.DNNL_ARG_DIFF_SRC,
        backward.diff_src_desc(),
        dnnl.DNNL_ARG_WEIGHTS,
        backward.weights_desc(),
        dnnl.DNNL_ARG_DIFF_DST,
        backward.diff_dst_desc());
    var weights = new inner_product_backward_weights.primitive_desc(engine, x, w, y, forward);
    add(
        new inner_product_backward_weights(weights),
        dnnl.DNNL_ARG_SRC,
        weights.src_desc(),
        dnnl.DNNL_ARG_DIFF_WEIGHTS,
        weights.diff_weights_desc(),
        dnnl.DNNL_ARG_DIFF_DST,
        weights.diff_dst_desc());
  }

  private static memory.desc any(long... dimensions) {
    return new memory.desc(dimensions, F32, memory.format_tag.any, false);
  }

  private void add(
      primitive primitive,
      int first,
      memory.desc firstDesc,
      int second,
      memory.desc secondDesc,
      int third,
      memory.desc thirdDesc) {
    primitives.add(primitive);
    IntMemoryMap map = new IntMemoryMap();
    map.put(first, new memory(firstDesc, engine));
    map.put(second, new memory(secondDesc, engine));
    map.put(third, new memory(thirdDesc, engine));
    arguments.add(map);
  }
}
