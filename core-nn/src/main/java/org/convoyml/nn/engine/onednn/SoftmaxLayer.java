package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.convoyml.nn.spec.LayerNode;

/** Softmax over channels. */
final class SoftmaxLayer {
  private static final int CHANNELS = 1;

  private SoftmaxLayer() {}

  static void emit(GraphCompiler graph, LayerNode node) {
    Tensor input = graph.input(node);
    Tape tape = graph.tape();
    // Behind a flatten layer every number is a channel.
    Value source = input.shape().isSpatial() ? input.value() : graph.asMatrix(input);
    softmax_forward.primitive_desc forward =
        new softmax_forward.primitive_desc(
            tape.engine(),
            graph.forwardKind(),
            dnnl.dnnl_softmax_accurate,
            source.desc(),
            source.desc(),
            CHANNELS,
            Tape.attributes(),
            false);
    Value output = Value.planned(forward.dst_desc());
    tape.run(forward, argument(dnnl.DNNL_ARG_SRC, source), argument(dnnl.DNNL_ARG_DST, output));
    Tensor result = new Tensor(graph.shape(node), output, input.needsGradient());
    graph.finish(
        node,
        result,
        () -> {
          softmax_backward.primitive_desc backward =
              new softmax_backward.primitive_desc(
                  tape.engine(),
                  dnnl.dnnl_softmax_accurate,
                  source.desc(),
                  output.desc(),
                  output.desc(),
                  CHANNELS,
                  forward,
                  Tape.attributes(),
                  false);
          Value gradient = Value.planned(backward.diff_src_desc());
          tape.run(
              backward,
              argument(dnnl.DNNL_ARG_DST, output),
              argument(dnnl.DNNL_ARG_DIFF_DST, tape.inLayout(result.gradient(), output.desc())),
              argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
          graph.addGradient(input, gradient);
        });
  }
}
