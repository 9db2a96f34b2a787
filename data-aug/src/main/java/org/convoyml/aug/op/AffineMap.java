package org.convoyml.aug.op;

/**
 * An affine map of the plane, {@code x' = xx·x + xy·y + x0} and {@code y' = yx·x + yy·y + y0}, in
 * pixels: {@code x} to the right, {@code y} downwards, {@code (0, 0)} the middle of the top left
 * pixel.
 */
public record AffineMap(double xx, double xy, double x0, double yx, double yy, double y0) {
  public static final AffineMap IDENTITY = new AffineMap(1, 0, 0, 0, 1, 0);

  /** Shifts by the given pixels. */
  public static AffineMap translation(double right, double down) {
    return new AffineMap(1, 0, right, 0, 1, down);
  }

  /** Rotates about the given point, anticlockwise as seen. */
  public static AffineMap rotation(double degrees, double centreX, double centreY) {
    // StrictMath gives the same bits on every JVM; so augmentation does not depend on the machine.
    double cos = StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = StrictMath.sin(StrictMath.toRadians(degrees));
    return new AffineMap(
        cos,
        sin,
        centreX - cos * centreX - sin * centreY,
        -sin,
        cos,
        centreY + sin * centreX - cos * centreY);
  }

  /** This map followed by another. */
  public AffineMap then(AffineMap next) {
    return new AffineMap(
        next.xx * xx + next.xy * yx,
        next.xx * xy + next.xy * yy,
        next.xx * x0 + next.xy * y0 + next.x0,
        next.yx * xx + next.yy * yx,
        next.yx * xy + next.yy * yy,
        next.yx * x0 + next.yy * y0 + next.y0);
  }

  /** True if it moves nothing. */
  public boolean isIdentity() {
    // Compared as numbers: a record's equals would tell -0.0 from 0.0.
    return xx == 1 && xy == 0 && x0 == 0 && yx == 0 && yy == 1 && y0 == 0;
  }
}
