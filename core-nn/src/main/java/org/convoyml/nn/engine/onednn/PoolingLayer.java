package org.convoyml.nn.engine.onednn;

import static org.convoyml.nn.engine.onednn.Tape.argument;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/** Maximum and average pooling. */
final class PoolingLayer {
  private static final long[] NO_DILATION = {0, 0};

  private final GraphCompiler graph;
  private final LayerNode node;
  private final int algorithm;
  private final Tensor input;
  private final Size kernel;
  private final Size stride;
  private final Padding padding;
  private final Shape to;
  private final long[] window;
  private final long[] steps;
  private final long[] before;
  private final long[] after;

  private PoolingLayer(
      GraphCompiler graph,
      LayerNode node,
      int algorithm,
      Size kernel,
      Size stride,
      Padding padding) {
    this.graph = graph;
    this.node = node;
    this.algorithm = algorithm;
    this.input = graph.input(node);
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    Shape from = input.shape();
    // A global pool makes features, in oneDNN's eyes a map of one pixel.
    Shape made = graph.shape(node);
    this.to = Shape.of(made.channels(), made.height(), made.width());
    this.window = new long[] {kernel.height(), kernel.width()};
    this.steps = new long[] {stride.height(), stride.width()};
    this.before = new long[] {padding.top(), padding.left()};
    // What makes oneDNN's formula give the inferred size, also for a partial window in ceil mode.
    this.after =
        new long[] {
          Math.max(
              padding.bottom(),
              (to.height() - 1) * steps[0] + window[0] - from.height() - padding.top()),
          Math.max(
              padding.right(),
              (to.width() - 1) * steps[1] + window[1] - from.width() - padding.left())
        };
  }

  private static PoolingLayer ofWholeMap(GraphCompiler graph, LayerNode node, int algorithm) {
    Shape map = graph.input(node).shape();
    Size all = new Size(map.height(), map.width());
    return new PoolingLayer(graph, node, algorithm, all, Size.ONE, Padding.NONE);
  }

  static void emit(GraphCompiler graph, LayerNode node, GlobalMaxPool pool) {
    ofWholeMap(graph, node, dnnl.dnnl_pooling_max).emit();
  }

  static void emit(GraphCompiler graph, LayerNode node, GlobalAveragePool pool) {
    ofWholeMap(graph, node, dnnl.dnnl_pooling_avg_exclude_padding).emit();
  }

  static void emit(GraphCompiler graph, LayerNode node, MaxPool2d pool) {
    new PoolingLayer(
            graph,
            node,
            dnnl.dnnl_pooling_max,
            pool.kernel(),
            pool.stride(),
            pool.border(graph.input(node).shape()))
        .emit();
  }

  static void emit(GraphCompiler graph, LayerNode node, AveragePool2d pool) {
    int algorithm =
        pool.countPadding()
            ? dnnl.dnnl_pooling_avg_include_padding
            : dnnl.dnnl_pooling_avg_exclude_padding;
    Padding border = pool.border(graph.input(node).shape());
    new PoolingLayer(graph, node, algorithm, pool.kernel(), pool.stride(), border).emit();
  }

  private boolean isMaximum() {
    return algorithm == dnnl.dnnl_pooling_max;
  }

  private void emit() {
    Tape tape = graph.tape();
    pooling_forward.primitive_desc forward =
        new pooling_forward.primitive_desc(
            tape.engine(),
            graph.forwardKind(),
            algorithm,
            input.value().desc(),
            Layouts.any(
                input.value().desc().get_data_type(), Layouts.dimensions(graph.batch(), to)),
            steps,
            window,
            NO_DILATION,
            before,
            after,
            Tape.attributes(),
            false);
    Value pooled = Value.planned(forward.dst_desc());
    // Where each maximum came from.
    Value origins =
        isMaximum() && graph.training() ? Value.planned(forward.workspace_desc()) : null;
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_SRC, input.value()));
    arguments.add(argument(dnnl.DNNL_ARG_DST, pooled));
    if (origins != null) {
      arguments.add(argument(dnnl.DNNL_ARG_WORKSPACE, origins));
    }
    tape.run(forward, arguments);

    Value correction = countsBeyondPadding() ? divisorCorrection() : null;
    Value output =
        correction == null ? pooled : ElementwiseLayers.product(graph, pooled, correction);
    Tensor result = new Tensor(graph.shape(node), output, input.needsGradient());
    graph.finish(
        node,
        result,
        () -> {
          Value gradient = tape.inLayout(graph.reshaped(result.gradient(), pooled), pooled.desc());
          emitBackward(
              forward,
              pooled,
              origins,
              correction == null
                  ? gradient
                  : ElementwiseLayers.product(graph, gradient, correction));
        });
  }

  private void emitBackward(
      pooling_forward.primitive_desc forward, Value pooled, Value origins, Value gradient) {
    Tape tape = graph.tape();
    Value outputGradient = gradient;
    if (isMaximum() && input.activationPending() && graph.isOnlyReader(node, input)) {
      // Activations that are fused never fall, so max(f(x)) is f(max(x)): its derivative goes in
      // here, where the map is smaller.
      outputGradient =
          ElementwiseLayers.activationBackward(graph, input.activation(), pooled, gradient);
      input.markActivationUndone();
    }
    pooling_backward.primitive_desc backward =
        new pooling_backward.primitive_desc(
            tape.engine(),
            algorithm,
            input.value().desc(),
            outputGradient.desc(),
            steps,
            window,
            NO_DILATION,
            before,
            after,
            forward,
            Tape.attributes(),
            false);
    Value inputGradient = Value.planned(backward.diff_src_desc());
    List<Tape.Argument> arguments = new ArrayList<>();
    arguments.add(argument(dnnl.DNNL_ARG_DIFF_DST, outputGradient));
    arguments.add(argument(dnnl.DNNL_ARG_DIFF_SRC, inputGradient));
    if (origins != null) {
      arguments.add(argument(dnnl.DNNL_ARG_WORKSPACE, origins));
    }
    tape.run(backward, arguments);
    graph.addGradient(input, inputGradient);
  }

  /**
   * oneDNN's padded average also counts what a ceil-mode window has beyond the explicit padding;
   * ours does not.
   */
  private boolean countsBeyondPadding() {
    return algorithm == dnnl.dnnl_pooling_avg_include_padding
        && (after[0] > padding.bottom() || after[1] > padding.right());
  }

  /** For each window {@code (1, 1, P, Q)}: oneDNN's divisor {@code R·S} over the right one. */
  private Value divisorCorrection() {
    Shape from = input.shape();
    float[] factors = new float[to.height() * to.width()];
    for (int p = 0; p < to.height(); p++) {
      int top = p * stride.height() - padding.top();
      int rows = Math.min(top + kernel.height(), from.height() + padding.bottom()) - top;
      for (int q = 0; q < to.width(); q++) {
        int left = q * stride.width() - padding.left();
        int columns = Math.min(left + kernel.width(), from.width() + padding.right()) - left;
        factors[p * to.width() + q] = (float) (kernel.height() * kernel.width()) / (rows * columns);
      }
    }
    return graph.weights().constant(factors, 1, 1, to.height(), to.width());
  }
}
