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
 * Dense layer. Behind a flatten layer it reads the feature map as it is: its weights are then
 * {@code (K, C, H, W)}, the same numbers in the same order.
 */
final class DenseLayer extends WeightedLayer {
  private inner_product_forward.primitive_desc forward;

  DenseLayer(GraphCompiler graph, LayerNode node, Dense dense) {
    super(graph, node, weightDimensions(graph, node, dense), dense.units(), dense.bias(), null);
  }

  private static long[] weightDimensions(GraphCompiler graph, LayerNode node, Dense dense) {
    long[] dimensions = Layouts.dimensionsOf(graph.input(node).value().desc());
    dimensions[0] = dense.units();
    return dimensions;
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
