package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.convoyml.nn.spec.Activation;
import org.convoyml.nn.spec.Elu;
import org.convoyml.nn.spec.Gelu;
import org.convoyml.nn.spec.HardSwish;
import org.convoyml.nn.spec.LeakyRelu;
import org.convoyml.nn.spec.Linear;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Tanh;

/**
 * An activation in oneDNN's terms.
 *
 * @param forward algorithm
 * @param backward algorithm
 * @param fromOutput whether the backward algorithm reads the activation's output, not its input:
 *     then the activation can be computed in place of its input
 * @param alpha parameter of both
 * @param beta parameter of both
 */
record Eltwise(int forward, int backward, boolean fromOutput, float alpha, float beta) {

  /**
   * The algorithms of an activation. {@link Linear} has none: it is left out of the graph.
   *
   * @throws IllegalStateException for an activation that this engine does not know
   */
  static Eltwise of(Activation activation) {
    if (activation instanceof Relu) {
      return fromOutput(dnnl.dnnl_eltwise_relu, dnnl.dnnl_eltwise_relu_use_dst_for_bwd, 0);
    }
    if (activation instanceof LeakyRelu leaky) {
      return fromOutput(
          dnnl.dnnl_eltwise_relu, dnnl.dnnl_eltwise_relu_use_dst_for_bwd, leaky.slope());
    }
    if (activation instanceof Elu elu) {
      return fromOutput(dnnl.dnnl_eltwise_elu, dnnl.dnnl_eltwise_elu_use_dst_for_bwd, elu.alpha());
    }
    if (activation instanceof Tanh) {
      return fromOutput(dnnl.dnnl_eltwise_tanh, dnnl.dnnl_eltwise_tanh_use_dst_for_bwd, 0);
    }
    if (activation instanceof Sigmoid) {
      return fromOutput(dnnl.dnnl_eltwise_logistic, dnnl.dnnl_eltwise_logistic_use_dst_for_bwd, 0);
    }
    if (activation instanceof Relu6) {
      return new Eltwise(
          dnnl.dnnl_eltwise_clip_v2, dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd, true, 0, 6);
    }
    if (activation instanceof Gelu) {
      return fromInput(dnnl.dnnl_eltwise_gelu_erf, 0, 0);
    }
    if (activation instanceof Silu) {
      return fromInput(dnnl.dnnl_eltwise_swish, 1, 0);
    }
    if (activation instanceof HardSwish) {
      return fromInput(dnnl.dnnl_eltwise_hardswish, 1f / 6, 0.5f);
    }
    throw new IllegalStateException("oneDNN has no algorithm for " + activation);
  }

  private static Eltwise fromOutput(int forward, int backward, float alpha) {
    return new Eltwise(forward, backward, true, alpha, 0);
  }

  private static Eltwise fromInput(int algorithm, float alpha, float beta) {
    return new Eltwise(algorithm, algorithm, false, alpha, beta);
  }

  /** Applies it to a primitive's result. */
  void appendTo(post_ops after) {
    after.append_eltwise(forward, alpha, beta);
  }

  /** A ReLU without slope, which batch norm knows how to fuse. */
  boolean isRelu() {
    return forward == dnnl.dnnl_eltwise_relu && alpha == 0;
  }
}
