package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Swaps top and bottom with probability {@code p}.
 *
 * @param p 0 to 1
 */
public record VerticalFlip(double p) implements ImageOp {
  /** Allowed values of {@code p}. */
  public static final Range PROBABILITY = new Range(0, 1);

  /** What {@code p} is unless it is given. */
  public static final double DEFAULT_PROBABILITY = 0.5;

  public VerticalFlip {
    PROBABILITY.check("p", p);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    if (random.nextBoolean(p)) {
      canvas.flipVertically();
    }
  }

  @Override
  public String toString() {
    return "vertical-flip(" + Range.format(p) + ")";
  }
}
