package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Shifts by a part of the width and a part of the height, each drawn uniformly from {@code
 * [−maxFraction, maxFraction)}; positive is to the right and downwards. Shifts by fractions of a
 * pixel, bilinear; what comes in from outside the image is 0 (black).
 *
 * @param maxFraction 0 to 1; at 1 the image may be shifted out of sight
 */
public record Translate(double maxFraction) implements ImageOp {
  /** Allowed values of {@code maxFraction}. */
  public static final Range MAX_FRACTION = new Range(0, 1);

  public Translate {
    MAX_FRACTION.check("maxFraction", maxFraction);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double right = random.uniform(-maxFraction, maxFraction) * canvas.width();
    double down = random.uniform(-maxFraction, maxFraction) * canvas.height();
    canvas.affine(1, 0, right, 0, 1, down);
  }
}
