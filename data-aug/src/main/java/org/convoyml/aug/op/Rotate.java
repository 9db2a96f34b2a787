package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Rotates about the centre by an angle drawn uniformly from {@code [−maxDegrees, maxDegrees)};
 * positive is anticlockwise as seen. Bilinear; what comes in from outside the image is 0 (black).
 *
 * @param maxDegrees 0 to 180
 */
public record Rotate(double maxDegrees) implements AffineOp {
  /** Allowed values of {@code maxDegrees}. */
  public static final Range MAX_DEGREES = new Range(0, 180);

  public Rotate {
    MAX_DEGREES.check("maxDegrees", maxDegrees);
  }

  @Override
  public AffineMap draw(KeyedRandom random, int height, int width) {
    double degrees = random.uniform(-maxDegrees, maxDegrees);
    return AffineMap.rotation(degrees, (width - 1) / 2.0, (height - 1) / 2.0);
  }

  @Override
  public String toString() {
    return "rotate(" + Range.format(maxDegrees) + ")";
  }
}
