package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How a weight tensor starts. {@code fanIn} and {@code fanOut} are the connections into and out of
 * one unit: {@code (C/groups)·R·S} and {@code (K/groups)·R·S} for a convolution.
 *
 * @see <a href="https://arxiv.org/abs/1502.01852">He et al., Delving deep into rectifiers</a>
 * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio, Understanding
 *     the difficulty of training deep feedforward neural networks</a>
 */
public enum Initializer {
  /** Normal with variance {@code 2 / fanIn}. */
  @JsonProperty("he-normal")
  HE_NORMAL,
  /**
   * Normal with variance {@code 2 / fanOut}: keeps the size of gradients where {@link #HE_NORMAL}
   * keeps that of activations. What torchvision starts its convolutions with.
   */
  @JsonProperty("he-normal-fan-out")
  HE_NORMAL_FAN_OUT,
  /** Uniform in {@code ±√(6 / fanIn)}. */
  @JsonProperty("he-uniform")
  HE_UNIFORM,
  /** Normal with variance {@code 2 / (fanIn + fanOut)}. */
  @JsonProperty("xavier-normal")
  XAVIER_NORMAL,
  /** Uniform in {@code ±√(6 / (fanIn + fanOut))}. */
  @JsonProperty("xavier-uniform")
  XAVIER_UNIFORM,
  /**
   * Rows (or columns, where there are fewer of them) of the matrix {@code (K, C/groups·R·S)} are
   * orthonormal.
   *
   * @see <a href="https://arxiv.org/abs/1312.6120">Saxe et al., Exact solutions to the nonlinear
   *     dynamics of learning in deep linear neural networks</a>
   */
  @JsonProperty("orthogonal")
  ORTHOGONAL,
  /**
   * Normal with deviation 0.01, whatever the size: the usual start of a classifier, whose first
   * predictions are then nearly uniform.
   *
   * @see <a href="https://arxiv.org/abs/1706.02677">Goyal et al., Accurate, large minibatch SGD,
   *     section 5.1</a>
   */
  @JsonProperty("small-normal")
  SMALL_NORMAL,
  @JsonProperty("zeros")
  ZEROS,
  @JsonProperty("ones")
  ONES
}
