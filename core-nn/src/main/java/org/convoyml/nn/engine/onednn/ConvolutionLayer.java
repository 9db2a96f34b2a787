package org.convoyml.nn.engine.onednn;

import java.util.Arrays;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * Convolution; also by constant weights, which is how a shortcut without parameters is computed.
 */
final class ConvolutionLayer extends WeightedLayer {
  private static final int ALGORITHM = dnnl.dnnl_convolution_direct;

  /** Channels in a block of AVX2. */
  private static final int BLOCK = 8;

  private static final String JIT = "jit:avx2";
  private static final String GEMM = "x64:gemm:jit";

  private final boolean rearrangeable;
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
    // oneDNN 3.11's jit_1x1:avx2 gives wrong gradients of weights where channels are last and a
    // stride skips pixels. Groups were not measured.
    boolean skips = conv.kernel().equals(Size.ONE) && !conv.stride().equals(Size.ONE);
    this.rearrangeable = CpuEngine.stopsAtAvx2() && conv.groups() == 1 && !skips;
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
    forward = forward(anyInput, biasLayout, output, attributes);
    if (padsChannels(forward.src_desc(), forward.dst_desc())) {
      memory.desc from = Layouts.channelsLast(anyInput);
      memory.desc to = Layouts.channelsLast(output);
      forward = forward(from, biasLayout, to, attributes);
      // brg_conv_fwd, which comes first, needs more channels than one or three.
      if (input.shape().channels() < BLOCK && !moveTo(JIT, forward)) {
        forward = forward(from, biasLayout, to, attributes);
      }
    }
    return forward;
  }

  private convolution_forward.primitive_desc forward(
      memory.desc from, memory.desc biasLayout, memory.desc to, primitive_attr attributes) {
    convolution_forward.primitive_desc chosen =
        new convolution_forward.primitive_desc(
            graph.tape().engine(),
            graph.forwardKind(),
            ALGORITHM,
            from,
            anyWeights,
            biasLayout,
            to,
            stride,
            dilation,
            before,
            after,
            attributes,
            false);
    while (isMiscomputed(chosen) && chosen.next_impl()) {
      // The next implementation that oneDNN has for this convolution.
    }
    return chosen;
  }

  /**
   * Whether channels are padded with zeros to whole blocks of 8 where that is a loss: kernels for
   * AVX2 compute with the zeros. Channels last, nothing is padded. LeNet's first gradient of
   * weights, of images of one channel, takes a sixth of the time then (ADR 0021).
   */
  private boolean padsChannels(memory.desc first, memory.desc second) {
    return rearrangeable && (isPadded(first) || isPadded(second));
  }

  /** Moves on to one of oneDNN's implementations, if it has it for this convolution. */
  private static boolean moveTo(String implementation, primitive_desc description) {
    do {
      if (description.impl_info_str().getString().equals(implementation)) {
        return true;
      }
    } while (description.next_impl());
    return false;
  }

  private static boolean isPadded(memory.desc layout) {
    long[] padded = new long[layout.get_ndims()];
    layout.get_padded_dims().get(padded);
    return !Arrays.equals(padded, Layouts.dimensionsOf(layout));
  }

  /**
   * Whether oneDNN 3.11's {@code brg_conv_fwd} is not to be trusted: with one column of output and
   * a step along the width it can be wrong, with one column of input and windows that lie in the
   * padding it reads where nothing is. Real networks have no such layers; strange ones must not be
   * computed wrongly all the same.
   */
  private boolean isMiscomputed(primitive_desc_base chosen) {
    boolean oneColumn = input.shape().width() == 1 || graph.shape(node).width() == 1;
    return oneColumn
        && stride[1] > 1
        && chosen.impl_info_str().getString().startsWith("brg_conv_fwd");
  }

  @Override
  primitive_desc_base chooseBackwardWeights(
      memory.desc source,
      memory.desc gradient,
      memory.desc biasLayout,
      memory.desc outputGradient) {
    primitive_desc_base chosen = backwardWeights(source, gradient, biasLayout, outputGradient);
    return padsChannels(chosen.src_desc(), chosen.diff_dst_desc())
        ? backwardWeights(
            Layouts.channelsLast(source),
            gradient,
            biasLayout,
            Layouts.channelsLast(outputGradient))
        : chosen;
  }

  private primitive_desc_base backwardWeights(
      memory.desc from, memory.desc gradient, memory.desc biasLayout, memory.desc to) {
    return new convolution_backward_weights.primitive_desc(
        graph.tape().engine(),
        ALGORITHM,
        from,
        gradient,
        biasLayout,
        to,
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
    convolution_backward_data.primitive_desc chosen = backwardData(anyInput, anyOutputGradient);
    if (padsChannels(chosen.diff_src_desc(), chosen.diff_dst_desc())) {
      memory.desc from = Layouts.channelsLast(anyInput);
      memory.desc to = Layouts.channelsLast(anyOutputGradient);
      chosen = backwardData(from, to);
      return !shrinks() || moveTo(GEMM, chosen) ? chosen : backwardData(from, to);
    }
    if (!CpuEngine.stopsAtAvx2() || !isStrided() || hasLayoutsOfForward(chosen)) {
      return chosen;
    }
    // oneDNN prefers channels last here, even between maps in blocks. With AVX2 that is not
    // faster, and the maps would be copied from one layout to the other.
    primitive_desc_base same = backwardData(forward.src_desc(), forward.dst_desc());
    return isSlow(same) ? chosen : same;
  }

  /**
   * Whether the map becomes so much smaller that backward data, as a convolution of a padded
   * gradient, would spend a third of its time on the padding.
   */
  private boolean shrinks() {
    Shape from = input.shape();
    Shape to = graph.shape(node);
    return !isStrided() && 2 * from.height() * from.width() >= 3 * to.height() * to.width();
  }

  private boolean isStrided() {
    return stride[0] > 1 || stride[1] > 1;
  }

  private boolean hasLayoutsOfForward(primitive_desc_base backward) {
    return backward.diff_src_desc().equals(forward.src_desc())
        && backward.diff_dst_desc().equals(forward.dst_desc());
  }

  private convolution_backward_data.primitive_desc backwardData(memory.desc from, memory.desc to) {
    return new convolution_backward_data.primitive_desc(
        graph.tape().engine(),
        ALGORITHM,
        from,
        anyWeights,
        to,
        stride,
        dilation,
        before,
        after,
        forward,
        Tape.attributes(),
        false);
  }
}
