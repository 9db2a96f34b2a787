package org.convoyml.spark.data;

import java.io.Serializable;
import org.convoyml.aug.policy.AugmentationPolicy;

/**
 * How the images of one epoch are varied. An image's pixels are a function of (seed, epoch, image
 * id); what it is mixed with, of (seed, epoch, step, lane).
 *
 * @param policy what is done
 * @param seed of the run
 * @param epoch from 0
 * @param lanes {@code M}: the number of a micro-batch is {@code step·M + lane}
 * @param classes numbers in a soft label, for policies that mix
 */
public record Variation(AugmentationPolicy policy, long seed, int epoch, int lanes, int classes)
    implements Serializable {
  /** As they are: for evaluation. */
  public static final Variation NONE = new Variation(AugmentationPolicy.NONE, 0, 0, 1, 0);

  /** Whether images of a micro-batch are mixed, and so their labels. */
  boolean mixes() {
    return !policy.batchOps().isEmpty();
  }

  /** Numbers an example has as its target; 0 if it has a label only. */
  int targetWidth() {
    return mixes() ? classes : 0;
  }
}
