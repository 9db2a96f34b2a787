package org.convoyml.nn.engine.reference;

/** {@code y[c] = e^{x[c]} / Σ_k e^{x[k]}} over channels, for each pixel by itself. */
final class ChannelSoftmax implements Operation {
  private final Tensor x; // (N, C, H, W) or (N, C)
  private final Tensor y; // as x

  ChannelSoftmax(Tensor x, Tensor y) {
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      for (int h = 0; h < x.height; h++) {
        for (int w = 0; w < x.width; w++) {
          // The largest is taken out first, so that no exponential overflows.
          double largest = Double.NEGATIVE_INFINITY;
          for (int c = 0; c < x.channels; c++) {
            largest = Math.max(largest, x.value[x.at(n, c, h, w)]);
          }
          double sum = 0;
          for (int c = 0; c < x.channels; c++) {
            sum += StrictMath.exp(x.value[x.at(n, c, h, w)] - largest);
          }
          for (int c = 0; c < x.channels; c++) {
            int i = x.at(n, c, h, w);
            y.value[i] = StrictMath.exp(x.value[i] - largest) / sum;
          }
        }
      }
    }
  }

  /** {@code dX[c] = y[c] · (dY[c] − Σ_k dY[k]·y[k])}. */
  @Override
  public void backward(int examples) {
    for (int n = 0; n < examples; n++) {
      for (int h = 0; h < x.height; h++) {
        for (int w = 0; w < x.width; w++) {
          double mean = 0;
          for (int c = 0; c < x.channels; c++) {
            int i = x.at(n, c, h, w);
            mean += y.gradient[i] * y.value[i];
          }
          for (int c = 0; c < x.channels; c++) {
            int i = x.at(n, c, h, w);
            x.gradient[i] += y.value[i] * (y.gradient[i] - mean);
          }
        }
      }
    }
  }
}
