package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.LayerNode;

/**
 * What convolution and dense layers have in common: weights in the layout that each primitive likes
 * best, an optional bias, what is {@linkplain Fusion fused} behind them, and two backward
 * primitives.
 */
abstract class WeightedLayer {
  /** oneDNN's argument for the other operand of the first operation behind a primitive. */
  private static final int ADDEND = dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | dnnl.DNNL_ARG_SRC_1;

  private final long[] weightDimensions;
  private final long[] biasDimensions;
  private final boolean bias;
  private final float[] constantWeights;
  private final boolean trained;

  final GraphCompiler graph;
  final LayerNode node;
  final Tensor input;
  private final Value read;
  final memory.desc anyInput;
  final memory.desc anyWeights;
  final memory.desc anyOutputGradient;

  /**
   * @param read the input's value, perhaps with other dimensions
   * @param units output channels
   * @param bias whether a bias is added
   * @param constantWeights row-major weights that are no parameters, or null
   */
  WeightedLayer(
      GraphCompiler graph,
      LayerNode node,
      Value read,
      long[] weightDimensions,
      int units,
      boolean bias,
      float[] constantWeights) {
    this.graph = graph;
    this.node = node;
    this.bias = bias;
    this.weightDimensions = weightDimensions;
    this.biasDimensions = new long[] {units};
    this.constantWeights = constantWeights;
    this.trained = constantWeights == null && !graph.isFrozen(node);
    this.input = graph.input(node);
    this.read = read;
    memory.data_type type = graph.weightType();
    this.anyInput = Layouts.any(type, Layouts.dimensionsOf(read.desc()));
    this.anyWeights = Layouts.any(type, weightDimensions);
    this.anyOutputGradient = Layouts.any(type, outputDimensions());
  }

  private long[] outputDimensions() {
    return Layouts.dimensions(graph.batch(), graph.shape(node));
  }

  /** The forward primitive, chosen before the backward ones, which take it as a hint. */
  abstract primitive_desc_base chooseForward(
      memory.desc biasLayout, memory.desc output, primitive_attr attributes);

  /**
   * @param source the input
   * @param gradient of the weights
   * @param outputGradient gradient of the output
   */
  abstract primitive_desc_base chooseBackwardWeights(
      memory.desc source, memory.desc gradient, memory.desc biasLayout, memory.desc outputGradient);

  abstract primitive_desc_base chooseBackwardData();

  final void emit() {
    Fusion fusion = Fusion.behindWeights(graph, node, constantWeights != null);
    FoldedNorm norm = fusion.norm() == null ? null : folded(fusion.norm());
    memory.desc output = Layouts.any(graph.type(node, fusion.absorbed()), outputDimensions());
    memory.desc biasLayout = biasLayout(bias || norm != null);
    Value addend = addend(fusion, biasLayout, output);
    primitive_desc_base forward = chooseForward(biasLayout, output, fusion.attributes(addend));
    Tape tape = graph.tape();
    Value source = tape.inLayout(read, forward.src_desc());
    Value result = Value.planned(forward.dst_desc());
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, source));
    arguments.add(argument(dnnl.DNNL_ARG_WEIGHTS, weights(forward, norm)));
    if (norm != null) {
      arguments.add(argument(dnnl.DNNL_ARG_BIAS, graph.foldedBias(norm)));
    } else if (bias) {
      Value values = graph.weights().parameter(graph.slice(node, "bias"), biasDimensions);
      arguments.add(argument(dnnl.DNNL_ARG_BIAS, values));
    }
    if (addend != null) {
      arguments.add(argument(ADDEND, addend));
    }
    arguments.add(argument(dnnl.DNNL_ARG_DST, result));
    tape.run(forward, arguments);
    Tensor made =
        new Tensor(
            graph.shape(node), result, trained || input.needsGradient(), fusion.activation());
    graph.finish(node, fusion.absorbed(), made, () -> emitBackward(source, made.gradient()));
  }

  private memory.desc biasLayout(boolean wanted) {
    return wanted ? Layouts.plain(biasDimensions) : new memory.desc();
  }

  /** The other operand of a fused sum, in the layout in which the primitive writes. */
  private Value addend(Fusion fusion, memory.desc biasLayout, memory.desc output) {
    if (fusion.addend() == null) {
      return null;
    }
    primitive_desc_base alone = chooseForward(biasLayout, output, Tape.attributes());
    return graph.tape().inLayout(fusion.addend().value(), alone.dst_desc());
  }

  private FoldedNorm folded(LayerNode normNode) {
    return new FoldedNorm(
        graph.slice(normNode, "weight"),
        graph.slice(normNode, "bias"),
        graph.slice(normNode, "running_mean"),
        graph.slice(normNode, "running_var"),
        ((BatchNorm) normNode.layer()).epsilon(),
        bias ? graph.slice(node, "bias") : null);
  }

  private void emitBackward(Value source, Value outputGradient) {
    if (trained) {
      emitBackwardWeights(source, outputGradient);
    }
    if (input.needsGradient()) {
      emitBackwardData(outputGradient);
    }
  }

  private void emitBackwardWeights(Value source, Value outputGradient) {
    primitive_desc_base chosen = chooseBackwardWeights(graph.weightType());
    if (graph.weightType() != Layouts.F32 && isSlow(chosen)) {
      // oneDNN has no kernel of its own for a bf16 image of one channel; for an f32 one it has.
      primitive_desc_base exact = chooseBackwardWeights(Layouts.F32);
      chosen = isSlow(exact) ? chosen : exact;
    }
    Value mostExact = chosen.src_desc().get_data_type() == Layouts.F32 ? read : source;
    Tape tape = graph.tape();
    Value canonical = graph.weights().gradient(graph.slice(node, "weight"), weightDimensions);
    Value gradient =
        canonical.desc().equals(chosen.diff_weights_desc())
            ? canonical
            : Value.planned(chosen.diff_weights_desc());
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, tape.inLayout(mostExact, chosen.src_desc())));
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

  private primitive_desc_base chooseBackwardWeights(memory.data_type type) {
    return chooseBackwardWeights(
        Layouts.any(type, Layouts.dimensionsOf(read.desc())),
        Layouts.any(Layouts.F32, weightDimensions),
        biasLayout(bias),
        Layouts.any(type, outputDimensions()));
  }

  /** Whether an implementation falls back on matrix multiplication or plain loops. */
  static boolean isSlow(primitive_desc_base chosen) {
    String implementation = chosen.impl_info_str().getString();
    return implementation.contains("gemm:") || implementation.contains("ref");
  }

  private void emitBackwardData(Value outputGradient) {
    primitive_desc_base chosen = chooseBackwardData();
    Tape tape = graph.tape();
    Value gradient = Value.planned(chosen.diff_src_desc());
    tape.run(
        chosen,
        argument(dnnl.DNNL_ARG_DIFF_DST, tape.inLayout(outputGradient, chosen.diff_dst_desc())),
        argument(dnnl.DNNL_ARG_WEIGHTS, weights(chosen, null)),
        argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
    graph.addGradient(input, gradient);
  }

  private Value weights(primitive_desc_base chosen, FoldedNorm norm) {
    if (constantWeights != null) {
      return graph.weights().constant(constantWeights, weightDimensions, chosen.weights_desc());
    }
    return graph.weight(graph.slice(node, "weight"), weightDimensions, chosen.weights_desc(), norm);
  }
}
