package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.Relu;

/** Batch normalisation, with a following ReLU fused into it in both directions. */
final class BatchNormLayer {
  private BatchNormLayer() {}

  static void emit(GraphCompiler graph, LayerNode node, BatchNorm norm) {
    Tensor input = graph.input(node);
    Tape tape = graph.tape();
    // Behind a flatten layer a channel is a feature, not a feature map.
    Value source = input.shape().isSpatial() ? input.value() : graph.asMatrix(input);
    LayerNode next = graph.onlyReader(node.name());
    boolean relu = next != null && next.layer() instanceof Relu;
    // In inference and where it is frozen a batch norm uses the running statistics.
    boolean learns = graph.training() && !graph.isFrozen(node);
    int flags =
        dnnl.dnnl_use_scale
            | dnnl.dnnl_use_shift
            | (relu ? dnnl.dnnl_fuse_norm_relu : 0)
            | (learns ? 0 : dnnl.dnnl_use_global_stats);
    long[] channels = {input.shape().channels()};
    batch_normalization_forward.primitive_desc forward =
        new batch_normalization_forward.primitive_desc(
            tape.engine(),
            graph.forwardKind(),
            source.desc(),
            source.desc(),
            norm.epsilon(),
            flags,
            Tape.attributes(),
            false);
    Value mean = statistic(graph, node, "running_mean", channels, learns);
    Value variance = statistic(graph, node, "running_var", channels, learns);
    Value scale = graph.weights().parameter(graph.slice(node, "weight"), channels);
    Value shift = graph.weights().parameter(graph.slice(node, "bias"), channels);
    Value output = Value.planned(forward.dst_desc());
    Value passed = relu && graph.training() ? Value.planned(forward.workspace_desc()) : null;

    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, source));
    arguments.add(argument(dnnl.DNNL_ARG_MEAN, mean));
    arguments.add(argument(dnnl.DNNL_ARG_VARIANCE, variance));
    arguments.add(argument(dnnl.DNNL_ARG_SCALE, scale));
    arguments.add(argument(dnnl.DNNL_ARG_SHIFT, shift));
    arguments.add(argument(dnnl.DNNL_ARG_DST, output));
    if (passed != null) {
      arguments.add(argument(dnnl.DNNL_ARG_WORKSPACE, passed));
    }
    tape.run(forward, arguments);

    // The backward primitive undoes the ReLU itself.
    Tensor result = new Tensor(input.shape(), output, learns || input.needsGradient());
    graph.finish(
        node,
        relu ? List.of(next.name()) : List.of(),
        result,
        () -> {
          batch_normalization_backward.primitive_desc backward =
              new batch_normalization_backward.primitive_desc(
                  tape.engine(),
                  learns ? dnnl.dnnl_backward : dnnl.dnnl_backward_data,
                  source.desc(),
                  source.desc(),
                  source.desc(),
                  norm.epsilon(),
                  flags,
                  forward,
                  Tape.attributes(),
                  false);
          Value gradient = Value.planned(backward.diff_src_desc());
          List<Tape.Argument> back = new ArrayList<>();
          back.add(argument(dnnl.DNNL_ARG_SRC, source));
          back.add(argument(dnnl.DNNL_ARG_MEAN, mean));
          back.add(argument(dnnl.DNNL_ARG_VARIANCE, variance));
          back.add(argument(dnnl.DNNL_ARG_SCALE, scale));
          back.add(
              argument(
                  dnnl.DNNL_ARG_DIFF_DST,
                  tape.inLayout(graph.reshaped(result.gradient(), source), source.desc())));
          back.add(argument(dnnl.DNNL_ARG_DIFF_SRC, gradient));
          // oneDNN wants a place for these two even where it does not compute them.
          back.add(
              argument(
                  dnnl.DNNL_ARG_DIFF_SCALE, gradient(graph, node, "weight", channels, learns)));
          back.add(
              argument(dnnl.DNNL_ARG_DIFF_SHIFT, gradient(graph, node, "bias", channels, learns)));
          if (passed != null) {
            back.add(argument(dnnl.DNNL_ARG_WORKSPACE, passed));
          }
          tape.run(backward, back);
          if (input.needsGradient()) {
            graph.addGradient(input, gradient);
          }
        });
  }

  /**
   * Where it learns the micro-batch's statistic, which goes straight to its slice of the gradient;
   * elsewhere the running one.
   */
  private static Value statistic(
      GraphCompiler graph, LayerNode node, String name, long[] channels, boolean learns) {
    return learns
        ? graph.weights().gradient(graph.slice(node, name), channels)
        : graph.weights().parameter(graph.slice(node, name), channels);
  }

  private static Value gradient(
      GraphCompiler graph, LayerNode node, String name, long[] channels, boolean learns) {
    return learns
        ? graph.weights().gradient(graph.slice(node, name), channels)
        : Value.planned(Layouts.plain(channels));
  }
}
