package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Applies an operation to some images and leaves the others as they are.
 *
 * @param op is not itself a {@code Sometimes}
 * @param probability 0 to 1, of applying it to an image
 */
public record Sometimes(ImageOp op, double probability) implements ImageOp {
  public Sometimes {
    if (op instanceof Sometimes) {
      throw new IllegalArgumentException("an operation has one probability, got " + op);
    }
    new Range(0, 1).check("probability", probability);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    if (random.nextBoolean(probability)) {
      op.apply(canvas, random);
    }
  }
}
