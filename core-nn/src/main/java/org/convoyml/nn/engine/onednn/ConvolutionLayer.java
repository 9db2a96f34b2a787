package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;

/**
 * Convolution; also by constant weights, which is how a shortcut without parameters is computed.
 */
final class ConvolutionLayer extends WeightedLayer {
  private static final int ALGORITHM = dnnl.dnnl_convolution_direct;

  private final long[] stride;
  private final long[] dilation;
  private final long[] before;
  private final long[] after;
  private convolution_forward.primitive_desc forward;

  ConvolutionLayer(GraphCompiler graph, LayerNode node, Conv2d conv) {
    this(graph, node, conv, null);
  }

  private ConvolutionLayer(
      GraphCompiler graph, LayerNode node, Conv2d conv, float[] constantWeights) {
    super(
        graph,
        node,
        graph.input(node).value(),
        weightDimensions(graph, node, conv),
        conv.filters(),
        conv.bias(),
        constantWeights);
    this.stride = new long[] {conv.stride().height(), conv.stride().width()};
    // oneDNN counts the gap between kernel elements: 0 is a dense kernel.
    this.dilation = new long[] {conv.dilation().height() - 1, conv.dilation().width() - 1};
    Padding border = conv.border(input.shape());
    this.before = new long[] {border.top(), border.left()};
    this.after = new long[] {border.bottom(), border.right()};
  }

  /**
   * A 1×1 convolution whose weights are ones and zeros. It is exact, takes little time beside the
   * convolutions around it, and reads and writes the layouts that they like.
   */
  static ConvolutionLayer of(GraphCompiler graph, LayerNode node, PadShortcut shortcut) {
    Shape from = graph.input(node).shape();
    int channels = from.channels();
    float[] selection = new float[shortcut.filters() * channels];
    for (int c = 0; c < channels; c++) {
      selection[(c + shortcut.firstChannel(from)) * channels + c] = 1;
    }
    Conv2d conv = Conv2d.of(shortcut.filters(), 1).withoutBias().withStride(shortcut.stride());
    return new ConvolutionLayer(graph, node, conv, selection);
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
  primitive_desc_base chooseForward(
      memory.desc biasLayout, memory.desc output, primitive_attr attributes) {
    forward =
        new convolution_forward.primitive_desc(
            graph.tape().engine(),
            graph.forwardKind(),
            ALGORITHM,
            anyInput,
            anyWeights,
            biasLayout,
            output,
            stride,
            dilation,
            before,
            after,
            attributes,
            false);
    while (isMiscomputed() && forward.next_impl()) {
      // The next implementation that oneDNN has for this convolution.
    }
    return forward;
  }

  /**
   * Whether oneDNN 3.11's {@code brg_conv_fwd} is not to be trusted: with one column of output and
   * a step along the width it can be wrong, with one column of input and windows that lie in the
   * padding it reads where nothing is. Real networks have no such layers; strange ones must not be
   * computed wrongly all the same.
   */
  private boolean isMiscomputed() {
    boolean oneColumn = input.shape().width() == 1 || graph.shape(node).width() == 1;
    return oneColumn
        && stride[1] > 1
        && forward.impl_info_str().getString().startsWith("brg_conv_fwd");
  }

  @Override
  primitive_desc_base chooseBackwardWeights(
      memory.desc source,
      memory.desc gradient,
      memory.desc biasLayout,
      memory.desc outputGradient) {
    return new convolution_backward_weights.primitive_desc(
        graph.tape().engine(),
        ALGORITHM,
        source,
        gradient,
        biasLayout,
        outputGradient,
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
        anyOutputGradient,
        stride,
        dilation,
        before,
        after,
        forward,
        Tape.attributes(),
        false);
  }
}
