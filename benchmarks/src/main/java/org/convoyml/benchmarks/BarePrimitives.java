package org.convoyml.benchmarks;

import java.util.ArrayList;
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
import org.convoyml.benchmarks.BarePrimitive.Pass;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * Derives from a network the bare oneDNN primitives that it is made of: convolutions, dense layers
 * and (in training) batch norms with their ReLU. Convolutions and dense layers have the layouts
 * that oneDNN likes best, batch norms have blocks of as many channels as its kernels compute at
 * once. A shortcut without parameters counts as a whole 1×1 convolution. Everything else that an
 * engine does, such as sums, pools, activations, biases, reorders, loss and update, counts as
 * nothing.
 */
final class BarePrimitives {
  private static final int DIRECT = dnnl.dnnl_convolution_direct;

  private final engine engine;
  private final BareBuffers buffers;
  private final Map<String, Shape> shapes;
  private final int batch;
  private final memory.data_type type;
  private final boolean training;
  private final List<BarePrimitive> primitives = new ArrayList<>();

  private BarePrimitives(
      engine engine,
      Map<String, Shape> shapes,
      int batch,
      memory.data_type type,
      boolean training) {
    this.engine = engine;
    this.buffers = new BareBuffers(engine);
    this.shapes = shapes;
    this.batch = batch;
    this.type = type;
    this.training = training;
  }

  /**
   * The primitives of a network in the order of its layers.
   *
   * @param training whether the backward passes count too
   */
  static List<BarePrimitive> of(
      NetworkSpec network, int batch, memory.data_type type, boolean training, engine engine) {
    BarePrimitives made = new BarePrimitives(engine, network.shapes(), batch, type, training);
    for (LayerNode node : network.layers()) {
      made.add(node, network);
    }
    made.buffers.allocate();
    return List.copyOf(made.primitives);
  }

  private void add(LayerNode node, NetworkSpec network) {
    Shape input = shapes.get(node.inputs().get(0));
    boolean first = node.inputs().get(0).equals(NetworkSpec.INPUT);
    if (node.layer() instanceof Conv2d conv) {
      convolution(node, conv, input, !first);
    } else if (node.layer() instanceof PadShortcut shortcut) {
      Conv2d conv = Conv2d.of(shortcut.filters(), 1).withStride(shortcut.stride());
      convolution(node, conv, input, !first);
    } else if (node.layer() instanceof Dense dense) {
      dense(node, input.elements(), dense.units(), !first);
    } else if (node.layer() instanceof BatchNorm && training) {
      batchNorm(node, input, isReadByRelu(network, node.name()));
    }
  }

  private static boolean isReadByRelu(NetworkSpec network, String name) {
    List<LayerNode> readers =
        network.layers().stream().filter(node -> node.inputs().contains(name)).toList();
    return readers.size() == 1 && readers.get(0).layer() instanceof Relu;
  }

  private void convolution(LayerNode node, Conv2d conv, Shape input, boolean backwardData) {
    int groups = conv.groups();
    long filters = conv.filters() / groups;
    long channels = input.channels() / groups;
    long rows = conv.kernel().height();
    long columns = conv.kernel().width();
    long[] weights =
        groups == 1
            ? new long[] {filters, channels, rows, columns}
            : new long[] {groups, filters, channels, rows, columns};
    memory.desc x = any(dimensions(input));
    memory.desc w = any(weights);
    memory.desc y = any(dimensions(shapes.get(node.name())));
    long[] stride = {conv.stride().height(), conv.stride().width()};
    long[] dilation = {conv.dilation().height() - 1, conv.dilation().width() - 1};
    Padding border = conv.border(input);
    long[] before = {border.top(), border.left()};
    long[] after = {border.bottom(), border.right()};
    var forward =
        new convolution_forward.primitive_desc(
            engine, kind(), DIRECT, x, w, y, stride, dilation, before, after);
    forward(node, new convolution_forward(forward), forward);
    if (!training) {
      return;
    }
    if (backwardData) {
      var data =
          new convolution_backward_data.primitive_desc(
              engine, DIRECT, x, w, y, stride, dilation, before, after, forward);
      backwardData(node, new convolution_backward_data(data), data);
    }
    var gradient =
        new convolution_backward_weights.primitive_desc(
            engine, DIRECT, x, w, y, stride, dilation, before, after, forward);
    backwardWeights(node, new convolution_backward_weights(gradient), gradient);
  }

  private void dense(LayerNode node, int inputs, int units, boolean backwardData) {
    memory.desc x = any(batch, inputs);
    memory.desc w = any(units, inputs);
    memory.desc y = any(batch, units);
    var forward = new inner_product_forward.primitive_desc(engine, kind(), x, w, y);
    forward(node, new inner_product_forward(forward), forward);
    if (!training) {
      return;
    }
    if (backwardData) {
      var data = new inner_product_backward_data.primitive_desc(engine, x, w, y, forward);
      backwardData(node, new inner_product_backward_data(data), data);
    }
    var gradient = new inner_product_backward_weights.primitive_desc(engine, x, w, y, forward);
    backwardWeights(node, new inner_product_backward_weights(gradient), gradient);
  }

  private void batchNorm(LayerNode node, Shape shape, boolean relu) {
    memory.desc x = new memory.desc(dimensions(shape), type, blocks(), false);
    int flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift | (relu ? dnnl.dnnl_fuse_norm_relu : 0);
    float epsilon = 1e-5f;
    var forward =
        new batch_normalization_forward.primitive_desc(engine, kind(), x, x, epsilon, flags);
    memory.desc vector =
        new memory.desc(
            new long[] {shape.channels()}, memory.data_type.f32, memory.format_tag.a, false);
    Arguments arguments = new Arguments();
    arguments.read(dnnl.DNNL_ARG_SRC, x);
    arguments.write(dnnl.DNNL_ARG_MEAN, vector);
    arguments.write(dnnl.DNNL_ARG_VARIANCE, vector);
    arguments.read(dnnl.DNNL_ARG_SCALE, vector);
    arguments.read(dnnl.DNNL_ARG_SHIFT, vector);
    arguments.write(dnnl.DNNL_ARG_DST, x);
    arguments.write(dnnl.DNNL_ARG_WORKSPACE, forward.workspace_desc());
    add(node, Pass.FORWARD, forward, new batch_normalization_forward(forward), arguments);

    var backward =
        new batch_normalization_backward.primitive_desc(
            engine, dnnl.dnnl_backward, x, x, x, epsilon, flags, forward);
    Arguments back = new Arguments();
    back.read(dnnl.DNNL_ARG_SRC, x);
    back.read(dnnl.DNNL_ARG_MEAN, vector);
    back.read(dnnl.DNNL_ARG_VARIANCE, vector);
    back.read(dnnl.DNNL_ARG_SCALE, vector);
    back.read(dnnl.DNNL_ARG_DIFF_DST, x);
    back.read(dnnl.DNNL_ARG_WORKSPACE, forward.workspace_desc());
    back.write(dnnl.DNNL_ARG_DIFF_SRC, x);
    back.write(dnnl.DNNL_ARG_DIFF_SCALE, vector);
    back.write(dnnl.DNNL_ARG_DIFF_SHIFT, vector);
    add(node, Pass.BACKWARD_DATA, backward, new batch_normalization_backward(backward), back);
  }

  private static memory.format_tag blocks() {
    int avx512 = dnnl.dnnl_cpu_isa_avx512_core;
    return (dnnl.dnnl_get_effective_cpu_isa() & avx512) == avx512
        ? memory.format_tag.nChw16c
        : memory.format_tag.nChw8c;
  }

  private int kind() {
    return training ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
  }

  private long[] dimensions(Shape shape) {
    return new long[] {batch, shape.channels(), shape.height(), shape.width()};
  }

  private memory.desc any(long... dimensions) {
    return new memory.desc(dimensions, type, memory.format_tag.any, false);
  }

  private void forward(LayerNode node, primitive primitive, primitive_desc_base chosen) {
    Arguments arguments = new Arguments();
    arguments.read(dnnl.DNNL_ARG_SRC, chosen.src_desc());
    arguments.read(dnnl.DNNL_ARG_WEIGHTS, chosen.weights_desc());
    arguments.write(dnnl.DNNL_ARG_DST, chosen.dst_desc());
    add(node, Pass.FORWARD, chosen, primitive, arguments);
  }

  private void backwardData(LayerNode node, primitive primitive, primitive_desc_base chosen) {
    Arguments arguments = new Arguments();
    arguments.read(dnnl.DNNL_ARG_DIFF_DST, chosen.diff_dst_desc());
    arguments.read(dnnl.DNNL_ARG_WEIGHTS, chosen.weights_desc());
    arguments.write(dnnl.DNNL_ARG_DIFF_SRC, chosen.diff_src_desc());
    add(node, Pass.BACKWARD_DATA, chosen, primitive, arguments);
  }

  private void backwardWeights(LayerNode node, primitive primitive, primitive_desc_base chosen) {
    Arguments arguments = new Arguments();
    arguments.read(dnnl.DNNL_ARG_SRC, chosen.src_desc());
    arguments.read(dnnl.DNNL_ARG_DIFF_DST, chosen.diff_dst_desc());
    arguments.write(dnnl.DNNL_ARG_DIFF_WEIGHTS, chosen.diff_weights_desc());
    add(node, Pass.BACKWARD_WEIGHTS, chosen, primitive, arguments);
  }

  private void add(
      LayerNode node,
      Pass pass,
      primitive_desc_base chosen,
      primitive primitive,
      Arguments arguments) {
    String implementation = chosen.impl_info_str().getString();
    primitives.add(new BarePrimitive(node, pass, implementation, primitive, arguments.map));
    buffers.next();
  }

  /** The buffers of one primitive. */
  private final class Arguments {
    private final IntMemoryMap map = new IntMemoryMap();

    private void read(int argument, memory.desc layout) {
      if (layout.get_size() > 0) {
        map.put(argument, buffers.source(layout));
      }
    }

    private void write(int argument, memory.desc layout) {
      if (layout.get_size() > 0) {
        map.put(argument, buffers.destination(layout));
      }
    }
  }
}
