package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.primitive_attr;
import org.convoyml.nn.spec.LayerNode;

/** Activations that are not fused into another layer, sums and products. */
final class ElementwiseLayers {
  private ElementwiseLayers() {}

  static void emitActivation(GraphCompiler graph, LayerNode node, Eltwise activation) {
    Tensor input = graph.input(node);
    Value source = input.value();
    eltwise_forward.primitive_desc forward = forward(graph, activation, source);
    Value output = Value.planned(forward.dst_desc());
    graph
        .tape()
        .run(forward, argument(dnnl.DNNL_ARG_SRC, source), argument(dnnl.DNNL_ARG_DST, output));
    Tensor result = new Tensor(graph.shape(node), output, input.needsGradient());
    graph.finish(
        node,
        result,
        () ->
            graph.addGradient(
                input,
                activationBackward(
                    graph,
                    activation,
                    activation.fromOutput() ? output : source,
                    result.gradient())));
  }

  private static eltwise_forward.primitive_desc forward(
      GraphCompiler graph, Eltwise activation, Value source) {
    return new eltwise_forward.primitive_desc(
        graph.tape().engine(),
        dnnl.dnnl_forward_training,
        activation.forward(),
        source.desc(),
        source.desc(),
        activation.alpha(),
        activation.beta(),
        Tape.attributes(),
        false);
  }

  /**
   * The gradient of an activation's input.
   *
   * @param data its output or its input, whichever the algorithm reads
   * @param outputGradient of its output
   */
  static Value activationBackward(
      GraphCompiler graph, Eltwise activation, Value data, Value outputGradient) {
    Tape tape = graph.tape();
    Value incoming = tape.inLayout(graph.reshaped(outputGradient, data), data.desc());
    eltwise_backward.primitive_desc backward =
        new eltwise_backward.primitive_desc(
            tape.engine(),
            activation.backward(),
            data.desc(),
            data.desc(),
            data.desc(),
            activation.alpha(),
            activation.beta(),
            forward(graph, activation, data),
            Tape.attributes(),
            false);
    Value gradient = Value.planned(backward.diff_src_desc());
    tape.run(
        backward,
        argument(activation.fromOutput() ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC, data),
        argument(dnnl.DNNL_ARG_DIFF_DST, incoming),
        argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
    return gradient;
  }

  /** Sum of two or more tensors, with a following activation fused into it. */
  static void emitAdd(GraphCompiler graph, LayerNode node) {
    List<Tensor> inputs = graph.inputs(node);
    Fusion fusion = Fusion.ofActivation(graph, node);
    Value sum = inputs.get(0).value();
    for (int i = 1; i < inputs.size(); i++) {
      boolean last = i == inputs.size() - 1;
      sum =
          add(
              graph,
              sum,
              inputs.get(i).value(),
              last ? fusion.attributes(null) : Tape.attributes());
    }
    boolean needsGradient = inputs.stream().anyMatch(Tensor::needsGradient);
    Tensor result = new Tensor(graph.shape(node), sum, needsGradient, fusion.activation());
    graph.finish(
        node,
        fusion.absorbed(),
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
    return add(graph, first, second, Tape.attributes());
  }

  private static Value add(
      GraphCompiler graph, Value first, Value second, primitive_attr attributes) {
    Value addend = graph.tape().inLayout(graph.reshaped(second, first), first.desc());
    return binary(graph, dnnl.dnnl_binary_add, first, addend, attributes);
  }

  /** Product of a tensor with factors of the same shape, or of one that repeats. */
  static Value product(GraphCompiler graph, Value value, Value factors) {
    return binary(graph, dnnl.dnnl_binary_mul, value, factors, Tape.attributes());
  }

  private static Value binary(
      GraphCompiler graph, int algorithm, Value first, Value second, primitive_attr attributes) {
    binary.primitive_desc description =
        new binary.primitive_desc(
            graph.tape().engine(),
            algorithm,
            first.desc(),
            second.desc(),
            first.desc(),
            attributes,
            false);
    Value result = Value.planned(description.dst_desc());
    graph
        .tape()
        .run(
            description,
            argument(dnnl.DNNL_ARG_SRC_0, first),
            argument(dnnl.DNNL_ARG_SRC_1, second),
            argument(dnnl.DNNL_ARG_DST, result));
    return result;
  }
}
