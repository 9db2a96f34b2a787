package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lrn_backward;
import org.bytedeco.dnnl.lrn_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LocalResponseNorm;

/** Local response normalisation across channels. */
final class LocalResponseNormLayer {
  private LocalResponseNormLayer() {}

  static void emit(GraphCompiler graph, LayerNode node, LocalResponseNorm norm) {
    Tensor input = graph.input(node);
    Tape tape = graph.tape();
    Value source = input.value();
    lrn_forward.primitive_desc forward =
        new lrn_forward.primitive_desc(
            tape.engine(),
            graph.forwardKind(),
            dnnl.dnnl_lrn_across_channels,
            source.desc(),
            source.desc(),
            norm.size(),
            norm.alpha(),
            norm.beta(),
            norm.k(),
            Tape.attributes(),
            false);
    while (isBroken(norm, forward) && forward.next_impl()) {
      // The next implementation that oneDNN has.
    }
    Value output = Value.planned(forward.dst_desc());
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, source));
    arguments.add(argument(dnnl.DNNL_ARG_DST, output));
    memory.desc sums = forward.workspace_desc();
    Value workspace = graph.training() && sums.get_size() > 0 ? Value.planned(sums) : null;
    if (workspace != null) {
      arguments.add(argument(dnnl.DNNL_ARG_WORKSPACE, workspace));
    }
    tape.run(forward, arguments);
    Tensor result = new Tensor(graph.shape(node), output, input.needsGradient());
    graph.finish(
        node,
        result,
        () -> {
          lrn_backward.primitive_desc backward =
              new lrn_backward.primitive_desc(
                  tape.engine(),
                  dnnl.dnnl_lrn_across_channels,
                  source.desc(),
                  source.desc(),
                  source.desc(),
                  norm.size(),
                  norm.alpha(),
                  norm.beta(),
                  norm.k(),
                  forward,
                  Tape.attributes(),
                  false);
          while (isBroken(norm, backward) && backward.next_impl()) {
            // As above.
          }
          Value gradient = Value.planned(backward.diff_src_desc());
          List<Tape.Argument> back = new ArrayList<>();
          back.add(argument(dnnl.DNNL_ARG_SRC, source));
          back.add(
              argument(dnnl.DNNL_ARG_DIFF_DST, tape.inLayout(result.gradient(), source.desc())));
          back.add(argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
          if (workspace != null) {
            back.add(argument(dnnl.DNNL_ARG_WORKSPACE, workspace));
          }
          tape.run(backward, back);
          graph.addGradient(input, gradient);
        });
  }

  /**
   * oneDNN 3.11's generated code is right for the usual windows only: of one channel it crashes the
   * process, from seven on its gradients are wrong unless 16 divides the channels.
   */
  private static boolean isBroken(LocalResponseNorm norm, primitive_desc_base chosen) {
    boolean usual = norm.size() == 3 || norm.size() == 5;
    return !usual && chosen.impl_info_str().getString().contains("jit");
  }
}
