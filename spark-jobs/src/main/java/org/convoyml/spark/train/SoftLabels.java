package org.convoyml.spark.train;

import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;

/** What mixing images asks of a network: it gives each of them a share of several classes. */
final class SoftLabels {
  private SoftLabels() {}

  /**
   * Checks that every output has a value for each class, if the policy mixes images. All losses
   * then take shares of classes as they take classes.
   *
   * @throws ConvoyException if one has not
   */
  static void check(NetworkSpec network, AugmentationPolicy policy) {
    if (policy.batchOps().isEmpty()) {
      return;
    }
    int classes = network.classes();
    for (OutputSpec output : network.outputs()) {
      int width = network.shapes().get(output.layer()).channels();
      if (width != classes || classes < 2) {
        throw new ConvoyException(
            "augmentation policy \"%s\": a mixed image has a share of each class, but output %s of network %s has %d value(s), not one for each of two classes or more"
                .formatted(policy, output.name(), network.name(), width));
      }
    }
  }
}
