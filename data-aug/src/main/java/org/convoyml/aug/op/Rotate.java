package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Rotates about the centre by an angle drawn uniformly from {@code [−maxDegrees, maxDegrees)};
 * positive is anticlockwise as seen. Bilinear; what comes in from outside the image is 0 (black).
 *
 * @param maxDegrees 0 to 180
 */
public record Rotate(double maxDegrees) implements ImageOp {
  /** Allowed values of {@code maxDegrees}. */
  public static final Range MAX_DEGREES = new Range(0, 180);

  public Rotate {
    MAX_DEGREES.check("maxDegrees", maxDegrees);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double radians = StrictMath.toRadians(random.uniform(-maxDegrees, maxDegrees));
    // StrictMath gives the same bits on every JVM; so augmentation does not depend on the machine.
    double cos = StrictMath.cos(radians);
    double sin = StrictMath.sin(radians);
    canvas.affineAboutCentre(cos, sin, -sin, cos, 0, 0);
  }
}
