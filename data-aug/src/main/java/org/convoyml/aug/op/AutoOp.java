package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * The operations that automatic policies choose from, each with one magnitude; as torchvision has
 * them, except that geometry is interpolated bilinearly and composed with its neighbours.
 */
enum AutoOp {
  IDENTITY,
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X,
  TRANSLATE_Y,
  ROTATE,
  BRIGHTNESS,
  COLOR,
  CONTRAST,
  SHARPNESS,
  POSTERIZE,
  SOLARIZE,
  AUTO_CONTRAST,
  EQUALIZE,
  /** Only AutoAugment's policies have it. */
  INVERT;

  /** How many of them RandAugment and TrivialAugment choose from: all but the last. */
  static final int CHOICES = INVERT.ordinal();

  private static final int BITS = 8;
  private static final double MOST = 255;
  private static final AutoOp[] ALL = values();

  /** Uniform among the first {@link #CHOICES}. */
  static AutoOp draw(KeyedRandom random) {
    return ALL[random.nextInt(CHOICES)];
  }

  /** Applies the operation with the magnitude of a bin, in either direction if it has two. */
  void apply(ImageCanvas canvas, MagnitudeSpace space, int bin, int bins, KeyedRandom random) {
    double magnitude = magnitude(space, bin, bins, canvas.height(), canvas.width());
    boolean negative = isSigned() && random.nextBoolean(0.5);
    apply(canvas, negative ? -magnitude : magnitude);
  }

  /** True if the magnitude may as well be negative. */
  boolean isSigned() {
    return switch (this) {
      case SHEAR_X, SHEAR_Y, TRANSLATE_X, TRANSLATE_Y, ROTATE -> true;
      case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> true;
      case IDENTITY, POSTERIZE, SOLARIZE, AUTO_CONTRAST, EQUALIZE, INVERT -> false;
    };
  }

  /**
   * The magnitude of a bin, without its sign; 0 if there is none.
   *
   * @param bin 0 to {@code bins − 1}
   * @param height of the image in pixels
   * @param width of the image in pixels
   */
  double magnitude(MagnitudeSpace space, int bin, int bins, int height, int width) {
    double share = (double) bin / (bins - 1);
    return switch (this) {
      case SHEAR_X, SHEAR_Y -> space.shear() * share;
      case TRANSLATE_X -> translation(space, bin, bins, width);
      case TRANSLATE_Y -> translation(space, bin, bins, height);
      case ROTATE -> space.degrees() * share;
      case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> space.factor() * share;
      case POSTERIZE -> BITS - Math.rint(space.bits() * share);
      case SOLARIZE -> MOST - MOST * share;
      case IDENTITY, AUTO_CONTRAST, EQUALIZE, INVERT -> 0;
    };
  }

  private static double translation(MagnitudeSpace space, int bin, int bins, int side) {
    // Multiplied first, so that whole pixels come out whole.
    return (space.translateFraction() * side + space.translatePixels()) * bin / (bins - 1);
  }

  /** Applies the operation. */
  void apply(ImageCanvas canvas, double magnitude) {
    CanvasColours colours = canvas.colours();
    switch (this) {
      case IDENTITY -> {}
      // About the top left corner, which is half a pixel from the middle of the first one.
      case SHEAR_X -> canvas.affine(1, -magnitude, -magnitude / 2, 0, 1, 0);
      case SHEAR_Y -> canvas.affine(1, 0, 0, -magnitude, 1, -magnitude / 2);
      case TRANSLATE_X -> canvas.affine(1, 0, (int) magnitude, 0, 1, 0);
      case TRANSLATE_Y -> canvas.affine(1, 0, 0, 0, 1, (int) magnitude);
      case ROTATE -> rotate(canvas, magnitude);
      case BRIGHTNESS -> colours.brightness(1 + magnitude);
      case COLOR -> colours.saturation(1 + magnitude);
      case CONTRAST -> colours.contrast(1 + magnitude);
      case SHARPNESS -> colours.sharpness(1 + magnitude);
      case POSTERIZE -> colours.posterize((int) magnitude);
      case SOLARIZE -> colours.solarize(magnitude);
      case AUTO_CONTRAST -> colours.autocontrast();
      case EQUALIZE -> colours.equalize();
      case INVERT -> colours.invert();
    }
  }

  /** About the centre, anticlockwise as seen. */
  private static void rotate(ImageCanvas canvas, double degrees) {
    double cos = StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = StrictMath.sin(StrictMath.toRadians(degrees));
    canvas.affineAboutCentre(cos, sin, -sin, cos, 0, 0);
  }
}
