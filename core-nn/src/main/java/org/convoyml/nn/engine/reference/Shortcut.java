package org.convoyml.nn.engine.reference;

import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Size;

/** {@code y[n, c + first, p, q] = x[n, c, p·stride, q·stride]}; all other channels are zero. */
final class Shortcut implements Operation {
  private final Size stride;
  private final int first;
  private final Tensor x; // (N, C, H, W)
  private final Tensor y; // (N, K, P, Q)

  Shortcut(PadShortcut spec, Tensor x, Tensor y) {
    this.stride = spec.stride();
    this.first = spec.firstChannel(x.shape());
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      for (int c = 0; c < x.channels; c++) {
        for (int p = 0; p < y.height; p++) {
          for (int q = 0; q < y.width; q++) {
            y.value[y.at(n, c + first, p, q)] = x.value[source(n, c, p, q)];
          }
        }
      }
    }
  }

  @Override
  public void backward(int examples) {
    for (int n = 0; n < examples; n++) {
      for (int c = 0; c < x.channels; c++) {
        for (int p = 0; p < y.height; p++) {
          for (int q = 0; q < y.width; q++) {
            x.gradient[source(n, c, p, q)] += y.gradient[y.at(n, c + first, p, q)];
          }
        }
      }
    }
  }

  private int source(int n, int c, int p, int q) {
    return x.at(n, c, p * stride.height(), q * stride.width());
  }
}
