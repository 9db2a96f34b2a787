package org.convoyml.aug.batch;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;

/**
 * Applies an operation to some micro-batches and leaves the others as they are.
 *
 * @param op is not itself a {@code SometimesBatch}
 * @param probability 0 to 1, of applying it to a micro-batch
 */
public record SometimesBatch(BatchOp op, double probability) implements BatchOp {
  public SometimesBatch {
    if (op instanceof SometimesBatch) {
      throw new IllegalArgumentException("an operation has one probability, got " + op);
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be 0 to 1, got " + probability);
    }
  }

  @Override
  public void apply(MicroBatch batch, KeyedRandom random) {
    if (random.nextBoolean(probability)) {
      op.apply(batch, random);
    }
  }
}
