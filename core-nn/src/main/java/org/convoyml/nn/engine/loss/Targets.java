package org.convoyml.nn.engine.loss;

import org.convoyml.nn.engine.MicroBatch;

/** What a micro-batch says of its examples, as numbers. */
final class Targets {
  private Targets() {}

  /**
   * Checks that targets, if there are any, are as wide as the output.
   *
   * @return whether there are targets
   */
  static boolean checkWidth(MicroBatch batch, int width) {
    int found = batch.targetWidth();
    if (found != 0 && found != width) {
      throw new IllegalArgumentException(
          "expected %d targets an example, got %d".formatted(width, found));
    }
    return found != 0;
  }

  /** Checks that every target is in {@code [low, high]}; NaN is in no range. */
  static void checkRange(MicroBatch batch, int width, float low, float high) {
    for (int i = 0; i < batch.size() * width; i++) {
      float target = batch.targets()[i];
      if (!(target >= low && target <= high)) {
        throw new IllegalArgumentException(
            "example %d: targets must be in [%s, %s], got %s"
                .formatted(i / width, low, high, target));
      }
    }
  }

  /** Checks that every label is in {@code [0, end)}. */
  static void checkLabels(MicroBatch batch, int end) {
    for (int n = 0; n < batch.size(); n++) {
      int label = batch.labels()[n];
      if (label < 0 || label >= end) {
        throw new IllegalArgumentException(
            "example %d: label must be in [0, %d), got %d".formatted(n, end, label));
      }
    }
  }

  /** The target of value {@code k}: as given, or 1 where {@code k} is the label and 0 elsewhere. */
  static double oneHot(MicroBatch batch, int width, int n, int k) {
    if (batch.targetWidth() != 0) {
      return batch.targets()[n * width + k];
    }
    return batch.labels()[n] == k ? 1 : 0;
  }

  /** The target of value {@code k}; where there is one value only, the label is its target. */
  static double number(MicroBatch batch, int width, int n, int k) {
    return width == 1 && batch.targetWidth() == 0 ? batch.labels()[n] : oneHot(batch, width, n, k);
  }
}
