package org.convoyml.nn.engine.reference;

import java.util.List;

/** {@code y[n,k] = b[k] + Σ_c w[k,c] · x[n,c]}. */
final class FullyConnected implements Operation {
  private final Tensor x; // (N, C)
  private final Tensor weight; // (K, C)
  private final Tensor bias; // (K), or null
  private final Tensor y; // (N, K)

  FullyConnected(Tensor x, List<Tensor> parameters, Tensor y) {
    this.x = x;
    this.weight = parameters.get(0);
    this.bias = parameters.size() > 1 ? parameters.get(1) : null;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      for (int k = 0; k < y.channels; k++) {
        double sum = bias == null ? 0 : bias.value[k];
        for (int c = 0; c < x.channels; c++) {
          sum += weight.value[weight.at(k, c)] * x.value[x.at(n, c)];
        }
        y.value[y.at(n, k)] = sum;
      }
    }
  }

  @Override
  public void backward(int examples) {
    for (int n = 0; n < examples; n++) {
      for (int k = 0; k < y.channels; k++) {
        double dY = y.gradient[y.at(n, k)];
        if (bias != null && bias.hasGradient()) {
          bias.gradient[k] += dY;
        }
        for (int c = 0; c < x.channels; c++) {
          if (weight.hasGradient()) {
            weight.gradient[weight.at(k, c)] += dY * x.value[x.at(n, c)];
          }
          if (x.hasGradient()) {
            x.gradient[x.at(n, c)] += dY * weight.value[weight.at(k, c)];
          }
        }
      }
    }
  }
}
