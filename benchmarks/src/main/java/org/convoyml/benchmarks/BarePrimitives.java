package org.convoyml.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
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
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.stream;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * The bare oneDNN primitives that a network is made of: convolutions, dense layers and (in
 * training) batch norms with their ReLU, each timed alone on buffers of its own in the layout that
 * it likes best. Everything else an engine does, such as sums, pools, activations, reorders, loss
 * and update, counts as nothing. The sum is the bound that an engine can approach.
 */
final class BarePrimitives {
  private final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
  private final stream stream = new stream(engine);
  private final NetworkSpec network;
  private final Map<String, Shape> shapes;
  private final int batch;
  private final memory.data_type type;
  private final boolean training;
  private final List<Timed> primitives = new ArrayList<>();

  private record Timed(String name, primitive primitive, IntMemoryMap arguments) {}

  BarePrimitives(NetworkSpec network, int batch, memory.data_type type, boolean training) {
    this.network = network;
    this.shapes = network.shapes();
    this.batch = batch;
    this.type = type;
    this.training = training;
    for (LayerNode node : network.layers()) {
      Shape input = shapes.get(node.inputs().get(0));
      boolean first = node.inputs().get(0).equals(NetworkSpec.INPUT);
      if (node.layer() instanceof Conv2d conv) {
        convolution(node.name(), conv, input, !first);
      } else if (node.layer() instanceof Dense dense) {
        dense(node.name(), input.elements(), dense.units());
      } else if (node.layer() instanceof BatchNorm && training) {
        batchNorm(node.name(), input, isReadByRelu(node.name()));
      }
    }
  }

  private boolean isReadByRelu(String name) {
    List<LayerNode> readers =
        network.layers().stream().filter(node -> node.inputs().contains(name)).toList();
    return readers.size() == 1 && readers.get(0).layer() instanceof Relu;
  }

  /**
   * Time of all primitives in milliseconds: for each the median of several runs, one after another.
   */
  double milliseconds(int runs) {
    double sum = 0;
    for (Timed timed : primitives) {
      double[] times = new double[runs];
      run(timed);
      for (int i = 0; i < runs; i++) {
        long start = System.nanoTime();
        run(timed);
        times[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(times);
      sum += times[runs / 2];
    }
    return sum;
  }

  /** Runs each once. */
  void runAll() {
    primitives.forEach(this::run);
  }

  private void run(Timed timed) {
    timed.primitive().execute(stream, timed.arguments());
    stream._wait();
  }

  private void convolution(String name, Conv2d conv, Shape input, boolean backwardData) {
    Shape output = shapes.get(name);
    int groups = conv.groups();
    long filters = conv.filters() / groups;
    long channels = input.channels() / groups;
    long rows = conv.kernel().height();
    long columns = conv.kernel().width();
    long[] weights =
        groups == 1
            ? new long[] {filters, channels, rows, columns}
            : new long[] {groups, filters, channels, rows, columns};
    memory.desc x = any(type, dimensions(input));
    memory.desc w = any(type, weights);
    memory.desc dW = any(memory.data_type.f32, weights);
    memory.desc y = any(type, dimensions(output));
    long[] stride = {conv.stride().height(), conv.stride().width()};
    long[] dilation = {conv.dilation().height() - 1, conv.dilation().width() - 1};
    Padding border = conv.border(input);
    long[] before = {border.top(), border.left()};
    long[] after = {border.bottom(), border.right()};
    int direct = dnnl.dnnl_convolution_direct;
    var forward =
        new convolution_forward.primitive_desc(
            engine, kind(), direct, x, w, y, stride, dilation, before, after);
    add(name, new convolution_forward(forward), forward, false);
    if (!training) {
      return;
    }
    if (backwardData) {
      var data =
          new convolution_backward_data.primitive_desc(
              engine, direct, x, w, y, stride, dilation, before, after, forward);
      add(name, new convolution_backward_data(data), data, false);
    }
    var weightGradient =
        new convolution_backward_weights.primitive_desc(
            engine, direct, x, dW, y, stride, dilation, before, after, forward);
    add(name, new convolution_backward_weights(weightGradient), weightGradient, true);
  }

  private void dense(String name, int inputs, int units) {
    memory.desc x = any(type, batch, inputs);
    memory.desc w = any(type, units, inputs);
    memory.desc dW = any(memory.data_type.f32, units, inputs);
    memory.desc y = any(type, batch, units);
    var forward = new inner_product_forward.primitive_desc(engine, kind(), x, w, y);
    add(name, new inner_product_forward(forward), forward, false);
    if (!training) {
      return;
    }
    var data = new inner_product_backward_data.primitive_desc(engine, x, w, y, forward);
    add(name, new inner_product_backward_data(data), data, false);
    var weights = new inner_product_backward_weights.primitive_desc(engine, x, dW, y, forward);
    add(name, new inner_product_backward_weights(weights), weights, true);
  }

  private void batchNorm(String name, Shape shape, boolean relu) {
    memory.desc x = new memory.desc(dimensions(shape), type, memory.format_tag.nChw16c, false);
    int flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift | (relu ? dnnl.dnnl_fuse_norm_relu : 0);
    float epsilon = 1e-5f;
    var forward =
        new batch_normalization_forward.primitive_desc(engine, kind(), x, x, epsilon, flags);
    memory workspace = relu ? new memory(forward.workspace_desc(), engine) : null;
    IntMemoryMap map = statistics(shape.channels());
    map.put(dnnl.DNNL_ARG_SHIFT, vector(shape.channels()));
    map.put(dnnl.DNNL_ARG_SRC, new memory(x, engine));
    map.put(dnnl.DNNL_ARG_DST, new memory(x, engine));
    putWorkspace(map, workspace);
    primitives.add(new Timed(name, new batch_normalization_forward(forward), map));
    var backward =
        new batch_normalization_backward.primitive_desc(
            engine, dnnl.dnnl_backward, x, x, x, epsilon, flags, forward);
    IntMemoryMap back = statistics(shape.channels());
    back.put(dnnl.DNNL_ARG_SRC, new memory(x, engine));
    back.put(dnnl.DNNL_ARG_DIFF_DST, new memory(x, engine));
    back.put(dnnl.DNNL_ARG_DIFF_SRC, new memory(x, engine));
    back.put(dnnl.DNNL_ARG_DIFF_SCALE, vector(shape.channels()));
    back.put(dnnl.DNNL_ARG_DIFF_SHIFT, vector(shape.channels()));
    putWorkspace(back, workspace);
    primitives.add(new Timed(name, new batch_normalization_backward(backward), back));
  }

  private IntMemoryMap statistics(int channels) {
    IntMemoryMap map = new IntMemoryMap();
    map.put(dnnl.DNNL_ARG_MEAN, vector(channels));
    map.put(dnnl.DNNL_ARG_VARIANCE, vector(channels));
    map.put(dnnl.DNNL_ARG_SCALE, vector(channels));
    return map;
  }

  private static void putWorkspace(IntMemoryMap map, memory workspace) {
    if (workspace != null) {
      map.put(dnnl.DNNL_ARG_WORKSPACE, workspace);
    }
  }

  private memory vector(int channels) {
    return new memory(
        new memory.desc(new long[] {channels}, memory.data_type.f32, memory.format_tag.a, false),
        engine);
  }

  private int kind() {
    return training ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
  }

  private long[] dimensions(Shape shape) {
    return new long[] {batch, shape.channels(), shape.height(), shape.width()};
  }

  private static memory.desc any(memory.data_type type, long... dimensions) {
    return new memory.desc(dimensions, type, memory.format_tag.any, false);
  }

  /** With the source, weights and destination that it says it wants, or their gradients. */
  private void add(
      String name, primitive primitive, primitive_desc_base wants, boolean weightGradient) {
    IntMemoryMap map = new IntMemoryMap();
    put(map, dnnl.DNNL_ARG_SRC, wants.src_desc());
    put(map, dnnl.DNNL_ARG_WEIGHTS, wants.weights_desc());
    put(map, dnnl.DNNL_ARG_DST, wants.dst_desc());
    put(map, dnnl.DNNL_ARG_DIFF_SRC, wants.diff_src_desc());
    put(map, dnnl.DNNL_ARG_DIFF_DST, wants.diff_dst_desc());
    if (weightGradient) {
      put(map, dnnl.DNNL_ARG_DIFF_WEIGHTS, wants.diff_weights_desc());
    }
    primitives.add(new Timed(name, primitive, map));
  }

  private void put(IntMemoryMap map, int argument, memory.desc desc) {
    if (desc.get_size() > 0) {
      map.put(argument, new memory(desc, engine));
    }
  }
}
