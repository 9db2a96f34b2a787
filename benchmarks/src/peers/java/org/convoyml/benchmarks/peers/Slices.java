package org.convoyml.benchmarks.peers;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Python's {@code x[::step]}. */
final class Slices {
  private Slices() {}

  static Tensor every(Tensor x, long dimension, long step) {
    return torch.slice(x, dimension, new LongOptional(), new LongOptional(), step);
  }
}
