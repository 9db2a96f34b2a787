package org.convoyml.nn.engine.reference;

import java.util.List;
import org.convoyml.nn.spec.BatchNorm;

/**
 * {@code y = γ·x̂ + β} with {@code x̂ = (x − μ) / √(σ² + ε)}, per channel. In training μ and σ² are
 * the mean and the biased variance of the {@code m = N·H·W} elements of the channel; in inference,
 * and in training where the layer is frozen, they are the running statistics.
 */
final class BatchNormalization implements Operation {
  private final double epsilon;
  private final boolean frozen;
  private final Tensor x; // (N, C, H, W) or (N, C)
  private final Tensor scale; // γ (C)
  private final Tensor shift; // β (C)
  private final Tensor runningMean; // (C)
  private final Tensor runningVariance; // (C)
  private final Tensor y; // as x

  BatchNormalization(BatchNorm spec, boolean frozen, Tensor x, List<Tensor> parameters, Tensor y) {
    this.frozen = frozen;
    this.epsilon = spec.epsilon();
    this.x = x;
    this.scale = parameters.get(0);
    this.shift = parameters.get(1);
    this.runningMean = parameters.get(2);
    this.runningVariance = parameters.get(3);
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int c = 0; c < x.channels; c++) {
      boolean own = training && !frozen;
      double mean = own ? mean(examples, c) : runningMean.value[c];
      double variance = own ? variance(examples, c, mean) : runningVariance.value[c];
      double inverse = 1 / StrictMath.sqrt(variance + epsilon);
      for (int n = 0; n < examples; n++) {
        for (int i = x.at(n, c); i < x.at(n, c + 1); i++) {
          y.value[i] = scale.value[c] * (x.value[i] - mean) * inverse + shift.value[c];
        }
      }
    }
  }

  /**
   * {@code dβ = Σ dY}, {@code dγ = Σ dY·x̂} and {@code dX = γ / √(σ² + ε) · (dY − (dβ + x̂·dγ) /
   * m)}: the last two terms are what flows through μ and σ². The gradient of a running statistic is
   * by contract the micro-batch's own statistic times {@code N}.
   */
  @Override
  public void backward(int examples) {
    if (frozen) {
      frozenBackward(examples);
      return;
    }
    for (int c = 0; c < x.channels; c++) {
      double mean = mean(examples, c);
      double variance = variance(examples, c, mean);
      double inverse = 1 / StrictMath.sqrt(variance + epsilon);
      double dShift = 0;
      double dScale = 0;
      for (int n = 0; n < examples; n++) {
        for (int i = x.at(n, c); i < x.at(n, c + 1); i++) {
          dShift += y.gradient[i];
          dScale += y.gradient[i] * (x.value[i] - mean) * inverse;
        }
      }
      int m = elements(examples);
      for (int n = 0; x.hasGradient() && n < examples; n++) {
        for (int i = x.at(n, c); i < x.at(n, c + 1); i++) {
          double normalized = (x.value[i] - mean) * inverse;
          x.gradient[i] +=
              scale.value[c] * inverse * (y.gradient[i] - (dShift + normalized * dScale) / m);
        }
      }
      shift.gradient[c] += dShift;
      scale.gradient[c] += dScale;
      double unbiased = m > 1 ? variance * m / (m - 1) : variance;
      runningMean.gradient[c] += mean * examples;
      runningVariance.gradient[c] += unbiased * examples;
    }
  }

  /** {@code dX = γ / √(σ² + ε) · dY}: the statistics are constants. */
  private void frozenBackward(int examples) {
    for (int c = 0; c < x.channels; c++) {
      double factor = scale.value[c] / StrictMath.sqrt(runningVariance.value[c] + epsilon);
      for (int n = 0; n < examples; n++) {
        for (int i = x.at(n, c); i < x.at(n, c + 1); i++) {
          x.gradient[i] += factor * y.gradient[i];
        }
      }
    }
  }

  private double mean(int examples, int c) {
    double sum = 0;
    for (int n = 0; n < examples; n++) {
      for (int i = x.at(n, c); i < x.at(n, c + 1); i++) {
        sum += x.value[i];
      }
    }
    return sum / elements(examples);
  }

  private double variance(int examples, int c, double mean) {
    double sum = 0;
    for (int n = 0; n < examples; n++) {
      for (int i = x.at(n, c); i < x.at(n, c + 1); i++) {
        sum += (x.value[i] - mean) * (x.value[i] - mean);
      }
    }
    return sum / elements(examples);
  }

  private int elements(int examples) {
    return examples * x.height * x.width;
  }
}
