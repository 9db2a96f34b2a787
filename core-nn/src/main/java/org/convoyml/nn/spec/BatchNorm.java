package org.convoyml.nn.spec;

import java.util.List;

/**
 * Batch normalisation over {@code N} (and {@code H}, {@code W}): {@code y = γ·(x − μ) / √(σ² + ε) +
 * β} per channel.
 *
 * <p>In training μ and σ² are the mean and the biased variance of the micro-batch; in inference
 * they are the running statistics, {@code running ← (1 − momentum)·running + momentum·statistic},
 * where the running variance takes the unbiased variance, as in PyTorch.
 *
 * @param epsilon ε, positive
 * @param momentum the share of the newest statistic, in (0, 1]
 * @param scale how γ starts: ones, or zeros in the last batch norm of a residual block, which then
 *     starts as the identity (<a href="https://arxiv.org/abs/1706.02677">Goyal et al.</a>)
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy, Batch normalization</a>
 */
public record BatchNorm(float epsilon, float momentum, Initializer scale) implements LayerSpec {
  public BatchNorm {
    if (!(epsilon > 0 && Float.isFinite(epsilon))) {
      throw new IllegalArgumentException("epsilon must be positive and finite, got " + epsilon);
    }
    if (!(momentum > 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum must be in (0, 1], got " + momentum);
    }
    if (scale != Initializer.ONES && scale != Initializer.ZEROS) {
      throw new IllegalArgumentException("the scale starts as ones or zeros, got " + scale);
    }
  }

  /** γ starts as ones. */
  public BatchNorm(float epsilon, float momentum) {
    this(epsilon, momentum, Initializer.ONES);
  }

  /** The same with γ starting as zeros. */
  public BatchNorm startingAtZero() {
    return new BatchNorm(epsilon, momentum, Initializer.ZEROS);
  }

  /** ε = 1e-5 and momentum 0.1, PyTorch's defaults. */
  public static BatchNorm standard() {
    return new BatchNorm(1e-5f, 0.1f);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.only(inputs);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    List<Integer> shape = List.of(Inputs.only(inputs).channels());
    return List.of(
        new ParameterSpec("weight", shape, ParameterKind.SCALE, scale, 1, 1, 0),
        new ParameterSpec("bias", shape, ParameterKind.SHIFT, Initializer.ZEROS, 1, 1, 0),
        new ParameterSpec(
            "running_mean", shape, ParameterKind.RUNNING_MEAN, Initializer.ZEROS, 1, 1, momentum),
        new ParameterSpec(
            "running_var",
            shape,
            ParameterKind.RUNNING_VARIANCE,
            Initializer.ONES,
            1,
            1,
            momentum));
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
