package org.convoyml.nn.engine.onednn;

import java.nio.FloatBuffer;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * A batch norm in inference is {@code y = factor·x + shift} for each channel, which the weights and
 * the bias of the layer before it can do: {@code factor = γ / √(σ² + ε)}, {@code bias = factor·(b −
 * μ) + β}.
 *
 * @param bias of the layer before it, or null if it has none
 */
record FoldedNorm(
    ParameterSlice scale,
    ParameterSlice shift,
    ParameterSlice mean,
    ParameterSlice variance,
    float epsilon,
    ParameterSlice bias) {
  int channels() {
    return scale.length();
  }

  /** Computes the factor of one channel from the flat vector. */
  float factor(FloatBuffer parameters, int channel) {
    return (float) exactFactor(parameters, channel);
  }

  /** Computes the bias of one channel from the flat vector. */
  float bias(FloatBuffer parameters, int channel) {
    double before = bias == null ? 0 : parameters.get(bias.offset() + channel);
    return (float)
        (exactFactor(parameters, channel) * (before - parameters.get(mean.offset() + channel))
            + parameters.get(shift.offset() + channel));
  }

  private double exactFactor(FloatBuffer parameters, int channel) {
    double deviation =
        StrictMath.sqrt((double) parameters.get(variance.offset() + channel) + epsilon);
    return parameters.get(scale.offset() + channel) / deviation;
  }
}
