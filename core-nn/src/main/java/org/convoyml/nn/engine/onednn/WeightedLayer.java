package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.LayerNode;

/**
 * What convolution and dense layers have in common: weights in the layout that each primitive likes
 * best, an optional bias, a following ReLU fused into the forward pass, and two backward
 * primitives.
 */
abstract class WeightedLayer {
  private final LayerNode node;
  private final boolean bias;
  private final long[] weightDimensions;
  private final long[] biasDimensions;

  final GraphCompiler graph;
  final Tensor input;
  final memory.desc anyInput;
  final memory.desc anyWeights;
  final memory.desc anyOutput;

  /** Empty without bias. */
  final memory.desc biasLayout;

  WeightedLayer(GraphCompiler graph, LayerNode node, long[] weightDimensions, int biases) {
    this.graph = graph;
    this.node = node;
    this.bias = biases > 0;
    this.weightDimensions = weightDimensions;
    this.biasDimensions = new long[] {biases};
    this.input = graph.input(node);
    this.anyInput = Layouts.any(Layouts.dimensionsOf(input.value().desc()));
    this.anyWeights = Layouts.any(weightDimensions);
    this.anyOutput = Layouts.any(Layouts.dimensions(graph.batch(), graph.shape(node)));
    this.biasLayout = bias ? Layouts.plain(biasDimensions) : new memory.desc();
  }

  /** The forward primitive, chosen before the backward ones, which take it as a hint. */
  abstract primitive_desc_base chooseForward(boolean relu);

  abstract primitive_desc_base chooseBackwardWeights();

  abstract primitive_desc_base chooseBackwardData();

  final void emit() {
    boolean relu = graph.fusesRelu(node);
    primitive_desc_base forward = chooseForward(relu);
    Tape tape = graph.tape();
    Value source = tape.inLayout(input.value(), forward.src_desc());
    Value output = Value.planned(forward.dst_desc());
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, source));
    arguments.add(argument(dnnl.DNNL_ARG_WEIGHTS, weights(forward)));
    if (bias) {
      Value values = graph.weights().parameter(graph.slice(node, "bias"), biasDimensions);
      arguments.add(argument(dnnl.DNNL_ARG_BIAS, values));
    }
    arguments.add(argument(dnnl.DNNL_ARG_DST, output));
    tape.run(forward, arguments);
    Tensor result = new Tensor(graph.shape(node), output, true, relu);
    graph.finish(
        node,
        result,
        () -> {
          emitBackwardWeights(source, result.gradient());
          if (input.needsGradient()) {
            emitBackwardData(result.gradient());
          }
        });
  }

  private void emitBackwardWeights(Value source, Value outputGradient) {
    primitive_desc_base chosen = chooseBackwardWeights();
    Tape tape = graph.tape();
    Value canonical = graph.weights().gradient(graph.slice(node, "weight"), weightDimensions);
    Value gradient =
        canonical.desc().equals(chosen.diff_weights_desc())
            ? canonical
            : Value.planned(chosen.diff_weights_desc());
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, tape.inLayout(source, chosen.src_desc())));
    arguments.add(
        argument(dnnl.DNNL_ARG_DIFF_DST, tape.inLayout(outputGradient, chosen.diff_dst_desc())));
    arguments.add(argument(dnnl.DNNL_ARG_DIFF_WEIGHTS, gradient));
    if (bias) {
      Value values = graph.weights().gradient(graph.slice(node, "bias"), biasDimensions);
      arguments.add(argument(dnnl.DNNL_ARG_DIFF_BIAS, values));
    }
    tape.run(chosen, arguments);
    if (gradient != canonical) {
      tape.reorder(gradient, canonical);
    }
  }

  private void emitBackwardData(Value outputGradient) {
    primitive_desc_base chosen = chooseBackwardData();
    Tape tape = graph.tape();
    Value gradient = Value.planned(chosen.diff_src_desc());
    tape.run(
        chosen,
        argument(dnnl.DNNL_ARG_DIFF_DST, tape.inLayout(outputGradient, chosen.diff_dst_desc())),
        argument(dnnl.DNNL_ARG_WEIGHTS, weights(chosen)),
        argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
    graph.addGradient(input, gradient);
  }

  private Value weights(primitive_desc_base chosen) {
    return graph.weight(graph.slice(node, "weight"), weightDimensions, chosen.weights_desc());
  }
}
