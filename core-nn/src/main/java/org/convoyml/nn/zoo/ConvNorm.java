package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Initializer;

/** Layers that most networks of this package are made of. */
final class ConvNorm {
  private ConvNorm() {}

  /**
   * A convolution before a batch norm, and so without bias; started as in torchvision. An odd
   * kernel at stride 1 keeps the size of the map.
   */
  static Conv2d convolution(int filters, int kernel, int stride) {
    return Conv2d.of(filters, kernel)
        .withStride(stride)
        .withPadding(kernel / 2)
        .withoutBias()
        .withInitializer(Initializer.HE_NORMAL_FAN_OUT);
  }

  /** The same on each channel by itself. */
  static Conv2d depthwise(int channels, int kernel, int stride) {
    return convolution(channels, kernel, stride).withGroups(channels);
  }

  /**
   * Channels of a network made wider or narrower, as MobileNets round them: the nearest multiple of
   * 8, but not less than 0.9 of what was asked.
   */
  static int scaled(int channels, float width) {
    double exact = channels * (double) width;
    int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
    return rounded < 0.9 * exact ? rounded + 8 : rounded;
  }

  static void checkWidth(float width) {
    if (!(width > 0 && Float.isFinite(width))) {
      throw new IllegalArgumentException("width must be positive and finite, got " + width);
    }
  }

  static void checkDropout(float rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), got " + rate);
    }
  }

  /** PyTorch's batch norm, the last one of a residual block perhaps starting at zero. */
  static BatchNorm norm(boolean startsAtZero) {
    BatchNorm norm = BatchNorm.standard();
    return startsAtZero ? norm.startingAtZero() : norm;
  }

  /** The last layer: one logit for each class. */
  static Dense classifier(int classes) {
    return new Dense(classes, true, Initializer.SMALL_NORMAL);
  }
}
