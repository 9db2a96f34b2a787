package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.convoyml.nn.spec.LayerNode;

/** Channels of several tensors one behind the other; backward takes them apart again. */
final class ConcatLayer {
  private static final int CHANNELS = 1;

  private ConcatLayer() {}

  static void emit(GraphCompiler graph, LayerNode node) {
    List<Tensor> inputs = graph.inputs(node);
    List<Value> parts = parts(graph, inputs);
    Tape tape = graph.tape();
    memory_desc_vector layouts = new memory_desc_vector();
    List<Tape.Argument> arguments = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      layouts.push_back(parts.get(i).desc());
      arguments.add(argument(dnnl.DNNL_ARG_MULTIPLE_SRC + i, parts.get(i)));
    }
    concat.primitive_desc description =
        new concat.primitive_desc(tape.engine(), CHANNELS, layouts, Tape.attributes(), false);
    Value output = Value.planned(description.dst_desc());
    arguments.add(argument(dnnl.DNNL_ARG_DST, output));
    tape.run(description, arguments);
    boolean needsGradient = inputs.stream().anyMatch(Tensor::needsGradient);
    Tensor result = new Tensor(graph.shape(node), output, needsGradient);
    graph.finish(
        node, result, () -> takeApart(graph, inputs, parts, result.gradient(), output.desc()));
  }

  /** The inputs with equal numbers of dimensions, all of one type. */
  private static List<Value> parts(GraphCompiler graph, List<Tensor> inputs) {
    boolean spatial = inputs.get(0).shape().isSpatial();
    List<Value> parts = new ArrayList<>();
    for (Tensor input : inputs) {
      boolean fits = spatial || input.value().desc().get_ndims() == 2;
      parts.add(fits ? input.value() : graph.asMatrix(input));
    }
    memory.data_type type = parts.get(0).desc().get_data_type();
    if (parts.stream().allMatch(part -> part.desc().get_data_type() == type)) {
      return parts;
    }
    // Among bf16 the network's images, say, are f32.
    return parts.stream()
        .map(
            part ->
                graph
                    .tape()
                    .inLayout(
                        part, Layouts.plain(graph.weightType(), Layouts.dimensionsOf(part.desc()))))
        .toList();
  }

  private static void takeApart(
      GraphCompiler graph,
      List<Tensor> inputs,
      List<Value> parts,
      Value outputGradient,
      memory.desc layout) {
    Value gradient = graph.tape().inLayout(outputGradient, layout);
    Value rowMajor = null;
    long first = 0;
    for (int i = 0; i < parts.size(); i++) {
      Value part = parts.get(i);
      long[] dimensions = Layouts.dimensionsOf(part.desc());
      long[] offsets = new long[dimensions.length];
      offsets[CHANNELS] = first;
      first += dimensions[CHANNELS];
      if (!inputs.get(i).needsGradient()) {
        continue;
      }
      memory.desc window = gradient.desc().submemory_desc(dimensions, offsets, true);
      Value from = gradient;
      if (window.is_zero()) {
        // The part begins or ends within one of the layout's blocks of channels.
        if (rowMajor == null) {
          rowMajor =
              graph.tape().inLayout(gradient, Layouts.plain(Layouts.dimensionsOf(gradient.desc())));
        }
        from = rowMajor;
        window = rowMajor.desc().submemory_desc(dimensions, offsets, false);
      }
      Value copy = Value.planned(part.desc());
      graph.tape().reorder(from.viewedAs(window), copy);
      graph.addGradient(inputs.get(i), copy);
    }
  }
}
