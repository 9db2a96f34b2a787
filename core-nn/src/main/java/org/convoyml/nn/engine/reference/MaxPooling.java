package org.convoyml.nn.engine.reference;

import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.Padding;

/** {@code y[n,c,p,q]} is the largest {@code x} in the window; the first of equal ones. */
final class MaxPooling implements Operation {
  private final MaxPool2d spec;
  private final Padding border;
  private final Tensor x; // (N, C, H, W)
  private final Tensor y; // (N, C, P, Q)

  MaxPooling(MaxPool2d spec, Tensor x, Tensor y) {
    this.spec = spec;
    this.border = spec.border(x.shape());
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      for (int c = 0; c < y.channels; c++) {
        for (int p = 0; p < y.height; p++) {
          for (int q = 0; q < y.width; q++) {
            y.value[y.at(n, c, p, q)] = x.value[winner(n, c, p, q)];
          }
        }
      }
    }
  }

  @Override
  public void backward(int examples) {
    for (int n = 0; n < examples; n++) {
      for (int c = 0; c < y.channels; c++) {
        for (int p = 0; p < y.height; p++) {
          for (int q = 0; q < y.width; q++) {
            x.gradient[winner(n, c, p, q)] += y.gradient[y.at(n, c, p, q)];
          }
        }
      }
    }
  }

  /** Index in {@code x} of the window's maximum. */
  private int winner(int n, int c, int p, int q) {
    int top = p * spec.stride().height() - border.top();
    int left = q * spec.stride().width() - border.left();
    // A window always meets the input: padding is smaller than the kernel.
    int winner = x.at(n, c, Math.max(top, 0), Math.max(left, 0));
    for (int h = Math.max(top, 0); h < Math.min(top + spec.kernel().height(), x.height); h++) {
      for (int w = Math.max(left, 0); w < Math.min(left + spec.kernel().width(), x.width); w++) {
        int candidate = x.at(n, c, h, w);
        if (x.value[candidate] > x.value[winner]) {
          winner = candidate;
        }
      }
    }
    return winner;
  }
}
