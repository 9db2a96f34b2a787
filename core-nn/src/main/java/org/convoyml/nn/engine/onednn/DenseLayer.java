package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.LayerNode;

/**
 * Dense layer. Behind a flatten layer the feature map is brought to rows, which is cheaper than to
 * bring the weights, of which there are far more, to the feature map's layout and back.
 */
final class DenseLayer extends WeightedLayer {
  private inner_product_forward.primitive_desc forward;

  DenseLayer(GraphCompiler graph, LayerNode node, Dense dense) {
    super(
        graph,
        node,
        rows(graph, node),
        new long[] {dense.units(), graph.input(node).shape().elements()},
        dense.units(),
        dense.bias(),
        null);
  }

  private static Value rows(GraphCompiler graph, LayerNode node) {
    Value value = graph.input(node).value();
    return value.desc().get_ndims() == 2
        ? value
        : graph.asMatrix(graph.input(node), value.desc().get_data_type());
  }

  @Override
  primitive_desc_base chooseForward(
      memory.desc biasLayout, memory.desc output, primitive_attr attributes) {
    forward =
        new inner_product_forward.primitive_desc(
            graph.tape().engine(),
            graph.forwardKind(),
            anyInput,
            anyWeights,
            biasLayout,
            output,
            attributes,
            false);
    return forward;
  }

  @Override
  primitive_desc_base chooseBackwardWeights(
      memory.desc source,
      memory.desc gradient,
      memory.desc biasLayout,
      memory.desc outputGradient) {
    return new inner_product_backward_weights.primitive_desc(
        graph.tape().engine(),
        source,
        gradient,
        biasLayout,
        outputGradient,
        forward,
        Tape.attributes(),
        false);
  }

  @Override
  primitive_desc_base chooseBackwardData() {
    return new inner_product_backward_data.primitive_desc(
        graph.tape().engine(),
        anyInput,
        anyWeights,
        anyOutputGradient,
        forward,
        Tape.attributes(),
        false);
  }
}
