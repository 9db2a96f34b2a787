package org.convoyml.aug.op;

/**
 * Where the pixels of an image will come from: a projective map from its pixel coordinates to those
 * of the image as it is in memory, composed of all that was asked for since. Pixel coordinates are
 * {@code x} to the right, {@code y} downwards, {@code (0, 0)} the middle of the top left pixel.
 *
 * <p>Mutable, so that composing makes no garbage.
 */
final class PendingGeometry {
  /** Doubles that differ by less come from rounding; a pixel is interpolated no finer. */
  private static final double TOLERANCE = 1e-7;

  private int height;
  private int width;

  // (fromX, fromY) = (xx·x + xy·y + x0, yx·x + yy·y + y0) / (wx·x + wy·y + w0)
  private double xx;
  private double xy;
  private double x0;
  private double yx;
  private double yy;
  private double y0;
  private double wx;
  private double wy;
  private double w0;

  /** Nothing is asked for. */
  void reset(int height, int width) {
    this.height = height;
    this.width = width;
    xx = yy = w0 = 1;
    xy = x0 = yx = y0 = wx = wy = 0;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  double xx() {
    return xx;
  }

  double xy() {
    return xy;
  }

  double x0() {
    return x0;
  }

  double yx() {
    return yx;
  }

  double yy() {
    return yy;
  }

  double y0() {
    return y0;
  }

  double wx() {
    return wx;
  }

  double wy() {
    return wy;
  }

  double w0() {
    return w0;
  }

  /**
   * The image becomes one of another size whose pixel {@code (x, y)} is what was at {@code (a·x +
   * b·y + c, d·x + e·y + f)}.
   */
  void from(int height, int width, double a, double b, double c, double d, double e, double f) {
    this.height = height;
    this.width = width;
    precede(a, b, c, d, e, f, 0, 0, 1);
  }

  /**
   * What is at {@code (x, y)} moves to {@code (a·x + b·y + c, d·x + e·y + f)}; the size stays.
   *
   * @throws IllegalArgumentException if the map folds the image to a line
   */
  void affine(double a, double b, double c, double d, double e, double f) {
    double determinant = a * e - b * d;
    if (!(Math.abs(determinant) > 1e-12)) {
      throw new IllegalArgumentException("an image cannot be folded to a line or a point");
    }
    double inverse = 1 / determinant;
    precede(
        e * inverse,
        -b * inverse,
        (b * f - c * e) * inverse,
        -d * inverse,
        a * inverse,
        (c * d - a * f) * inverse,
        0,
        0,
        1);
  }

  /**
   * The middles of the corner pixels move to the given places, from the top left one clockwise; the
   * size, at least 2×2, stays.
   *
   * @throws IllegalArgumentException if three of the places lie on a line
   * @see <a href="https://www2.eecs.berkeley.edu/Pubs/TechRpts/1989/5504.html">Heckbert,
   *     Fundamentals of texture mapping and image warping, section 2.2.3</a>
   */
  void quadrilateral(
      double leftTopX,
      double leftTopY,
      double rightTopX,
      double rightTopY,
      double rightBottomX,
      double rightBottomY,
      double leftBottomX,
      double leftBottomY) {
    double aboveX = rightTopX - rightBottomX;
    double aboveY = rightTopY - rightBottomY;
    double besideX = leftBottomX - rightBottomX;
    double besideY = leftBottomY - rightBottomY;
    double sumX = leftTopX - rightTopX + rightBottomX - leftBottomX;
    double sumY = leftTopY - rightTopY + rightBottomY - leftBottomY;
    double determinant = aboveX * besideY - besideX * aboveY;
    // From the unit square to the places: (a·u + b·v + c, d·u + e·v + f) / (g·u + h·v + 1).
    double g = (sumX * besideY - besideX * sumY) / determinant;
    double h = (aboveX * sumY - sumX * aboveY) / determinant;
    double a = rightTopX - leftTopX + g * rightTopX;
    double b = leftBottomX - leftTopX + h * leftBottomX;
    double d = rightTopY - leftTopY + g * rightTopY;
    double e = leftBottomY - leftTopY + h * leftBottomY;
    double square = a * e - b * d;
    if (!(Math.abs(determinant) > 1e-12) || !(Math.abs(square) > 1e-12)) {
      throw new IllegalArgumentException("an image cannot be folded to a line or a point");
    }
    // Its inverse, the adjugate matrix, then from the unit square to the image.
    double right = width - 1;
    double bottom = height - 1;
    precede(
        (e - leftTopY * h) * right / square,
        (leftTopX * h - b) * right / square,
        (b * leftTopY - leftTopX * e) * right / square,
        (leftTopY * g - d) * bottom / square,
        (a - leftTopX * g) * bottom / square,
        (leftTopX * d - a * leftTopY) * bottom / square,
        (d * h - e * g) / square,
        (b * g - a * h) / square,
        1);
  }

  /** This map becomes the given one followed by this. */
  void precede(
      double a, double b, double c, double d, double e, double f, double g, double h, double i) {
    double nextXx = xx * a + xy * d + x0 * g;
    double nextXy = xx * b + xy * e + x0 * h;
    double nextX0 = xx * c + xy * f + x0 * i;
    double nextYx = yx * a + yy * d + y0 * g;
    double nextYy = yx * b + yy * e + y0 * h;
    double nextY0 = yx * c + yy * f + y0 * i;
    double nextWx = wx * a + wy * d + w0 * g;
    double nextWy = wx * b + wy * e + w0 * h;
    double nextW0 = wx * c + wy * f + w0 * i;
    xx = nextXx;
    xy = nextXy;
    x0 = nextX0;
    yx = nextYx;
    yy = nextYy;
    y0 = nextY0;
    wx = nextWx;
    wy = nextWy;
    w0 = nextW0;
    if (wx == 0 && wy == 0 && w0 != 1) {
      double inverse = 1 / w0;
      xx *= inverse;
      xy *= inverse;
      x0 *= inverse;
      yx *= inverse;
      yy *= inverse;
      y0 *= inverse;
      w0 = 1;
    }
  }

  /** The image in memory turns out to be (or is made) smaller by these factors. */
  void shrinkSource(double factorX, double factorY) {
    // (from + 1/2) / factor − 1/2, with w as the denominator.
    double shiftX = 0.5 / factorX - 0.5;
    double shiftY = 0.5 / factorY - 0.5;
    xx = xx / factorX + shiftX * wx;
    xy = xy / factorX + shiftX * wy;
    x0 = x0 / factorX + shiftX * w0;
    yx = yx / factorY + shiftY * wx;
    yy = yy / factorY + shiftY * wy;
    y0 = y0 / factorY + shiftY * w0;
  }

  /** True if nothing is asked of an image of this size. */
  boolean isIdentity(int sourceHeight, int sourceWidth) {
    return height == sourceHeight
        && width == sourceWidth
        && isShift()
        && xx > 0
        && yy > 0
        && Math.rint(x0) == 0
        && Math.rint(y0) == 0;
  }

  boolean isAffine() {
    return wx == 0 && wy == 0;
  }

  /** Scales along the axes, shifts and flips only. */
  boolean isUpright() {
    return isAffine() && isZero(xy * height) && isZero(yx * width);
  }

  /** Shifts by whole pixels and flips only, so that no value changes. */
  boolean isShift() {
    return isUpright()
        && isZero((Math.abs(xx) - 1) * width)
        && isZero((Math.abs(yy) - 1) * height)
        && isZero(x0 - Math.rint(x0))
        && isZero(y0 - Math.rint(y0));
  }

  /**
   * How many pixels of the source lie beside one another under one of the image, where they are
   * fewest: below 1 the image is enlarged there.
   */
  double leastShrinkage() {
    double least = shrinkage((width - 1) / 2.0, (height - 1) / 2.0);
    if (!isAffine()) {
      least = Math.min(least, Math.min(shrinkage(0, 0), shrinkage(width - 1, 0)));
      least = Math.min(least, Math.min(shrinkage(0, height - 1), shrinkage(width - 1, height - 1)));
    }
    return least;
  }

  /** The smaller singular value of the map's derivative. */
  private double shrinkage(double x, double y) {
    double w = wx * x + wy * y + w0;
    double fromX = (xx * x + xy * y + x0) / w;
    double fromY = (yx * x + yy * y + y0) / w;
    double a = (xx - fromX * wx) / w;
    double b = (xy - fromX * wy) / w;
    double c = (yx - fromY * wx) / w;
    double d = (yy - fromY * wy) / w;
    double squares = a * a + b * b + c * c + d * d;
    double determinant = a * d - b * c;
    double root = Math.sqrt(Math.max(0, squares * squares - 4 * determinant * determinant));
    return Math.sqrt(Math.max(0, (squares - root) / 2));
  }

  static boolean isZero(double value) {
    return Math.abs(value) < TOLERANCE;
  }
}
