package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.Padding;

/** Convolution. */
final class ConvolutionLayer extends WeightedLayer {
  private static final int ALGORITHM = dnnl.dnnl_convolution_direct;

  private final long[] stride;
  private final long[] dilation;
  private final long[] before;
  private final long[] after;
  private convolution_forward.primitive_desc forward;

  ConvolutionLayer(GraphCompiler graph, LayerNode node, Conv2d conv) {
    super(graph, node, weightDimensions(graph, node, conv), conv.bias() ? conv.filters() : 0);
    this.stride = new long[] {conv.stride().height(), conv.stride().width()};
    // oneDNN counts the gap between kernel elements: 0 is a dense kernel.
    this.dilation = new long[] {conv.dilation().height() - 1, conv.dilation().width() - 1};
    Padding border = conv.border(input.shape());
    this.before = new long[] {border.top(), border.left()};
    this.after = new long[] {border.bottom(), border.right()};
  }

  private static long[] weightDimensions(GraphCompiler graph, LayerNode node, Conv2d conv) {
    int groups = conv.groups();
    long filters = conv.filters() / groups;
    long channels = graph.input(node).shape().channels() / groups;
    long rows = conv.kernel().height();
    long columns = conv.kernel().width();
    return groups == 1
        ? new long[] {filters, channels, rows, columns}
        : new long[] {groups, filters, channels, rows, columns};
  }

  @Override
  primitive_desc_base chooseForward(boolean relu) {
    forward =
        new convolution_forward.primitive_desc(
            graph.tape().engine(),
            graph.forwardKind(),
            ALGORITHM,
            anyInput,
            anyWeights,
            biasLayout,
            anyOutput,
            stride,
            dilation,
            before,
            after,
            ElementwiseLayers.withRelu(relu),
            false);
    return forward;
  }

  @Override
  primitive_desc_base chooseBackwardWeights() {
    return new convolution_backward_weights.primitive_desc(
        graph.tape().engine(),
        ALGORITHM,
        anyInput,
        anyWeights,
        biasLayout,
        anyOutput,
        stride,
        dilation,
        before,
        after,
        forward,
        Tape.attributes(),
        false);
  }

  @Override
  primitive_desc_base chooseBackwardData() {
    return new convolution_backward_data.primitive_desc(
        graph.tape().engine(),
        ALGORITHM,
        anyInput,
        anyWeights,
        anyOutput,
        stride,
        dilation,
        before,
        after,
        forward,
        Tape.attributes(),
        false);
  }
}
