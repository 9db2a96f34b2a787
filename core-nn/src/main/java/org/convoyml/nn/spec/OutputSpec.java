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
 */
public record OutputSpec(String name, String layer, Loss loss, float weight) {
  public OutputSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(loss, "loss");
    if (!(weight > 0 && Float.isFinite(weight))) {
      throw new IllegalArgumentException(
          "output " + name + ": weight must be positive and finite, got " + weight);
    }
  }
}
