package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Shears about the centre, along the rows, by an angle drawn uniformly from {@code [−maxDegrees,
 * maxDegrees)}: a pixel moves to the right by the tangent of the angle times its height above the
 * centre, as in torchvision's {@code RandomAffine(shear)}. Bilinear; what comes in from outside the
 * image is 0 (black).
 *
 * @param maxDegrees 0 to 80
 */
public record Shear(double maxDegrees) implements ImageOp {
  /** Allowed values of {@code maxDegrees}. */
  public static final Range MAX_DEGREES = new Range(0, 80);

  public Shear {
    MAX_DEGREES.check("maxDegrees", maxDegrees);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double degrees = random.uniform(-maxDegrees, maxDegrees);
    canvas.affineAboutCentre(1, -StrictMath.tan(StrictMath.toRadians(degrees)), 0, 1, 0, 0);
  }
}
