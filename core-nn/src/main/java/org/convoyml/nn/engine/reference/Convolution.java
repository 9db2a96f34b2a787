package org.convoyml.nn.engine.reference;

import java.util.List;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Padding;

/**
 * Cross-correlation in groups of channels.
 *
 * <p>{@code y[n,k,p,q] = b[k] + Σ_crs w[k,c,r,s] · x[n, first(k)+c, h(p,r), w(q,s)]} with {@code
 * h(p,r) = p·stride − top + r·dilation}, where {@code first(k)} is the first channel of the group
 * of {@code k} and whatever lies outside {@code x} is zero.
 */
final class Convolution implements Operation {
  private final Conv2d spec;
  private final Padding border;
  private final Tensor x; // (N, C, H, W)
  private final Tensor weight; // (K, C/groups, R, S)
  private final Tensor bias; // (K), or null
  private final Tensor y; // (N, K, P, Q)

  Convolution(Conv2d spec, Tensor x, List<Tensor> parameters, Tensor y) {
    this.spec = spec;
    this.border = spec.border(x.shape());
    this.x = x;
    this.weight = parameters.get(0);
    this.bias = spec.bias() ? parameters.get(1) : null;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      for (int k = 0; k < y.channels; k++) {
        for (int p = 0; p < y.height; p++) {
          for (int q = 0; q < y.width; q++) {
            y.value[y.at(n, k, p, q)] = (bias == null ? 0 : bias.value[k]) + window(n, k, p, q);
          }
        }
      }
    }
  }

  private double window(int n, int k, int p, int q) {
    double sum = 0;
    for (int c = 0; c < weight.channels; c++) {
      for (int r = 0; r < weight.height; r++) {
        int h = row(p, r);
        if (h < 0 || h >= x.height) {
          continue;
        }
        for (int s = 0; s < weight.width; s++) {
          int w = column(q, s);
          if (w >= 0 && w < x.width) {
            sum +=
                weight.value[weight.at(k, c, r, s)] * x.value[x.at(n, firstChannel(k) + c, h, w)];
          }
        }
      }
    }
    return sum;
  }

  @Override
  public void backward(int examples) {
    for (int n = 0; n < examples; n++) {
      for (int k = 0; k < y.channels; k++) {
        for (int p = 0; p < y.height; p++) {
          for (int q = 0; q < y.width; q++) {
            double dY = y.gradient[y.at(n, k, p, q)];
            if (bias != null && bias.hasGradient()) {
              bias.gradient[k] += dY;
            }
            windowBackward(n, k, p, q, dY);
          }
        }
      }
    }
  }

  private void windowBackward(int n, int k, int p, int q, double dY) {
    for (int c = 0; c < weight.channels; c++) {
      for (int r = 0; r < weight.height; r++) {
        int h = row(p, r);
        if (h < 0 || h >= x.height) {
          continue;
        }
        for (int s = 0; s < weight.width; s++) {
          int w = column(q, s);
          if (w >= 0 && w < x.width) {
            int weightIndex = weight.at(k, c, r, s);
            int xIndex = x.at(n, firstChannel(k) + c, h, w);
            if (weight.hasGradient()) {
              weight.gradient[weightIndex] += dY * x.value[xIndex];
            }
            if (x.hasGradient()) {
              x.gradient[xIndex] += dY * weight.value[weightIndex];
            }
          }
        }
      }
    }
  }

  private int row(int p, int r) {
    return p * spec.stride().height() - border.top() + r * spec.dilation().height();
  }

  private int column(int q, int s) {
    return q * spec.stride().width() - border.left() + s * spec.dilation().width();
  }

  /** The first input channel of the group that output channel {@code k} belongs to. */
  private int firstChannel(int k) {
    int filtersPerGroup = y.channels / spec.groups();
    return k / filtersPerGroup * weight.channels;
  }
}
