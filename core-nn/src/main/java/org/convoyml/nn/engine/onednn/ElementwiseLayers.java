package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.convoyml.nn.spec.LayerNode;

/** Activations that are not fused into another layer, and sums. */
final class ElementwiseLayers {
  private ElementwiseLayers() {}

  /** Attributes that apply a ReLU to a primitive's result. */
  static primitive_attr withRelu(boolean relu) {
    primitive_attr attributes = Tape.attributes();
    if (relu) {
      post_ops after = new post_ops();
      after.append_eltwise(dnnl.dnnl_eltwise_relu, 0, 0);
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  /** An activation whose derivative follows from its output alone. */
  static void emitActivation(
      GraphCompiler graph, LayerNode node, int algorithm, int backwardFromOutput) {
    Tensor input = graph.input(node);
    Value source = input.value();
    eltwise_forward.primitive_desc forward = forward(graph, algorithm, source);
    Value output = Value.planned(forward.dst_desc());
    graph
        .tape()
        .run(forward, argument(dnnl.DNNL_ARG_SRC, source), argument(dnnl.DNNL_ARG_DST, output));
    Tensor result = new Tensor(graph.shape(node), output, input.needsGradient(), false);
    graph.finish(
        node,
        result,
        () ->
            graph.addGradient(
                input, activationBackward(graph, backwardFromOutput, output, result.gradient())));
  }

  private static eltwise_forward.primitive_desc forward(
      GraphCompiler graph, int algorithm, Value source) {
    return new eltwise_forward.primitive_desc(
        graph.tape().engine(),
        dnnl.dnnl_forward_training,
        algorithm,
        source.desc(),
        source.desc(),
        0f,
        0f,
        Tape.attributes(),
        false);
  }

  /** The gradient of an activation's input, from its output and its output's gradient. */
  static Value activationBackward(
      GraphCompiler graph, int backwardFromOutput, Value output, Value outputGradient) {
    Tape tape = graph.tape();
    Value incoming = tape.inLayout(outputGradient, output.desc());
    eltwise_backward.primitive_desc backward =
        new eltwise_backward.primitive_desc(
            tape.engine(),
            backwardFromOutput,
            output.desc(),
            output.desc(),
            output.desc(),
            0f,
            0f,
            forward(graph, backwardFromOutput, output),
            Tape.attributes(),
            false);
    Value gradient = Value.planned(backward.diff_src_desc());
    tape.run(
        backward,
        argument(dnnl.DNNL_ARG_DST, output),
        argument(dnnl.DNNL_ARG_DIFF_DST, incoming),
        argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
    return gradient;
  }

  /** Sum of two or more tensors, with a following ReLU fused into it. */
  static void emitAdd(GraphCompiler graph, LayerNode node) {
    List<Tensor> inputs = graph.inputs(node);
    boolean relu = graph.fusesRelu(node);
    Value sum = inputs.get(0).value();
    for (int i = 1; i < inputs.size(); i++) {
      sum = add(graph, sum, inputs.get(i).value(), relu && i == inputs.size() - 1);
    }
    boolean needsGradient = inputs.stream().anyMatch(Tensor::needsGradient);
    Tensor result = new Tensor(graph.shape(node), sum, needsGradient, relu);
    graph.finish(
        node,
        result,
        () -> {
          for (Tensor input : inputs) {
            if (input.needsGradient()) {
              graph.addGradient(input, result.gradient());
            }
          }
        });
  }

  /** Sum of two tensors, in the layout of the first. */
  static Value sum(GraphCompiler graph, Value first, Value second) {
    return add(graph, first, second, false);
  }

  private static Value add(GraphCompiler graph, Value first, Value second, boolean relu) {
    Tape tape = graph.tape();
    Value other = graph.reshaped(second, first);
    Value addend = tape.inLayout(other, first.desc());
    binary.primitive_desc description =
        new binary.primitive_desc(
            tape.engine(),
            dnnl.dnnl_binary_add,
            first.desc(),
            addend.desc(),
            first.desc(),
            withRelu(relu),
            false);
    Value sum = Value.planned(description.dst_desc());
    tape.run(
        description,
        argument(dnnl.DNNL_ARG_SRC_0, first),
        argument(dnnl.DNNL_ARG_SRC_1, addend),
        argument(dnnl.DNNL_ARG_DST, sum));
    return sum;
  }
}
