package org.convoyml.nn.spec;

import java.util.Objects;

/**
 * A named output: a layer whose values are wanted, the loss it is trained for, and that loss's
 * weight in the sum.
 *
 * @param name unique among the outputs
 * @param layer the layer whose output it is, of shape {@code (K)}
 * @param loss what it is trained for
 * @param weight factor of the loss, positive and finite
 * @param trainingOnly whether it helps training but is not an output in inference (an auxiliary
 *     head); the first output of a network is not
 */
public record OutputSpec(String name, String layer, Loss loss, float weight, boolean trainingOnly) {
  public OutputSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(loss, "loss");
    if (!(weight > 0 && Float.isFinite(weight))) {
      throw new IllegalArgumentException(
          "output " + name + ": weight must be positive and finite, got " + weight);
    }
  }

  /** An output of training and inference. */
  public OutputSpec(String name, String layer, Loss loss, float weight) {
    this(name, layer, loss, weight, false);
  }
}
