package org.convoyml.aug.batch;

import java.io.Serializable;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;

/**
 * One random mixing of a micro-batch, as a value: every image and its target with those of a
 * partner. What it does is a pure function of the micro-batch and of the random source.
 */
public sealed interface BatchOp extends Serializable permits CutMix, MixUp, SometimesBatch {
  /**
   * Changes images {@code (N, C, H, W)} and targets {@code (N, K)} in place. Targets whose numbers
   * sum to 1 still do.
   *
   * @param random the source of all its choices
   * @throws IllegalArgumentException if the micro-batch was made without targets
   */
  void apply(MicroBatch batch, KeyedRandom random);
}
