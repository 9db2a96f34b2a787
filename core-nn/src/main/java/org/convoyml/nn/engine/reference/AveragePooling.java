package org.convoyml.nn.engine.reference;

import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.Padding;

/** {@code y[n,c,p,q]} is the sum of {@code x} in the window, divided by how much of it counts. */
final class AveragePooling implements Operation {
  private final AveragePool2d spec;
  private final Padding border;
  private final Tensor x; // (N, C, H, W)
  private final Tensor y; // (N, C, P, Q)

  AveragePooling(AveragePool2d spec, Tensor x, Tensor y) {
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
            double sum = 0;
            for (int h = Math.max(top(p), 0); h < Math.min(bottom(p), x.height); h++) {
              for (int w = Math.max(left(q), 0); w < Math.min(right(q), x.width); w++) {
                sum += x.value[x.at(n, c, h, w)];
              }
            }
            y.value[y.at(n, c, p, q)] = sum / divisor(p, q);
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
            double share = y.gradient[y.at(n, c, p, q)] / divisor(p, q);
            for (int h = Math.max(top(p), 0); h < Math.min(bottom(p), x.height); h++) {
              for (int w = Math.max(left(q), 0); w < Math.min(right(q), x.width); w++) {
                x.gradient[x.at(n, c, h, w)] += share;
              }
            }
          }
        }
      }
    }
  }

  /**
   * Elements of the window inside the input; inside the input and its padding when padding counts.
   * A ceil-mode window may reach beyond both.
   */
  private int divisor(int p, int q) {
    Padding counted = spec.countPadding() ? border : Padding.NONE;
    int rows = Math.min(bottom(p), x.height + counted.bottom()) - Math.max(top(p), -counted.top());
    int columns =
        Math.min(right(q), x.width + counted.right()) - Math.max(left(q), -counted.left());
    return rows * columns;
  }

  private int top(int p) {
    return p * spec.stride().height() - border.top();
  }

  private int left(int q) {
    return q * spec.stride().width() - border.left();
  }

  private int bottom(int p) {
    return top(p) + spec.kernel().height();
  }

  private int right(int q) {
    return left(q) + spec.kernel().width();
  }
}
