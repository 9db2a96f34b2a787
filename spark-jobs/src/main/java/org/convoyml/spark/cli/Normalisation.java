package org.convoyml.spark.cli;

import java.util.List;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;

/** What {@code --mean} and {@code --std} say, or the usual statistics. */
final class Normalisation {
  private Normalisation() {}

  /**
   * Preprocessing for a network.
   *
   * @param input its input
   * @param origin of the network, for messages
   * @param mean null for the default: MNIST's for grey images, ImageNet's for colour
   * @param deviation null for the default
   */
  static Preprocessing of(Shape input, String origin, List<Float> mean, List<Float> deviation) {
    if (!input.isSpatial() || (input.channels() != 1 && input.channels() != 3)) {
      throw new ConvoyException(
          "%s: expected an input of 1 or 3 channels, C×H×W, got %s".formatted(origin, input));
    }
    Preprocessing usual =
        input.channels() == 1
            ? Preprocessing.mnist(input.height(), input.width())
            : Preprocessing.imageNet(input.height(), input.width());
    try {
      return new Preprocessing(
          input.channels(),
          input.height(),
          input.width(),
          mean == null ? usual.mean() : mean,
          deviation == null ? usual.deviation() : deviation);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("--mean, --std: " + e.getMessage(), e);
    }
  }
}
