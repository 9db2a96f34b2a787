package org.convoyml.nn.engine.reference;

import org.convoyml.nn.spec.LocalResponseNorm;

/**
 * {@code y[c] = x[c] · s[c]^−β} with {@code s[c] = k + α/size · Σ x[j]²} over the {@code size}
 * channels {@code j} around {@code c}, for each pixel by itself.
 */
final class ResponseNormalization implements Operation {
  private final LocalResponseNorm spec;
  private final Tensor x; // (N, C, H, W)
  private final Tensor y; // as x

  ResponseNormalization(LocalResponseNorm spec, Tensor x, Tensor y) {
    this.spec = spec;
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      for (int c = 0; c < x.channels; c++) {
        for (int h = 0; h < x.height; h++) {
          for (int w = 0; w < x.width; w++) {
            int i = x.at(n, c, h, w);
            y.value[i] = x.value[i] * StrictMath.pow(sum(n, c, h, w), -spec.beta());
          }
        }
      }
    }
  }

  /**
   * {@code dX[c] = dY[c]·s[c]^−β − 2·α·β/size · x[c] · Σ dY[j]·x[j]·s[j]^(−β−1)} over the channels
   * {@code j} that have {@code c} around them.
   */
  @Override
  public void backward(int examples) {
    double share = 2.0 * spec.alpha() * spec.beta() / spec.size();
    for (int n = 0; n < examples; n++) {
      for (int c = 0; c < x.channels; c++) {
        for (int h = 0; h < x.height; h++) {
          for (int w = 0; w < x.width; w++) {
            double through = 0;
            for (int j = first(c); j <= last(c); j++) {
              int other = x.at(n, j, h, w);
              through +=
                  y.gradient[other]
                      * x.value[other]
                      * StrictMath.pow(sum(n, j, h, w), -spec.beta() - 1.0);
            }
            int i = x.at(n, c, h, w);
            x.gradient[i] +=
                y.gradient[i] * StrictMath.pow(sum(n, c, h, w), -spec.beta())
                    - share * x.value[i] * through;
          }
        }
      }
    }
  }

  private double sum(int n, int c, int h, int w) {
    double squares = 0;
    for (int j = first(c); j <= last(c); j++) {
      double value = x.value[x.at(n, j, h, w)];
      squares += value * value;
    }
    return spec.k() + spec.alpha() / (double) spec.size() * squares;
  }

  private int first(int c) {
    return Math.max(0, c - spec.size() / 2);
  }

  private int last(int c) {
    return Math.min(x.channels - 1, c + spec.size() / 2);
  }
}
