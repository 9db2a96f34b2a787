package org.convoyml.aug.op;

/**
 * How strong operations are at their strongest. Magnitudes are numbered by bins, of which the first
 * is the weakest and the last the strongest, evenly spaced.
 *
 * @param shear tangent of the angle
 * @param translateFraction shift as a part of the side
 * @param translatePixels shift in pixels, beside that
 * @param degrees of rotation
 * @param factor by which brightness, saturation, contrast and sharpness are more or less than 1
 * @param bits that posterizing takes away of 8
 */
record MagnitudeSpace(
    double shear,
    double translateFraction,
    double translatePixels,
    double degrees,
    double factor,
    int bits) {
  /** That of AutoAugment and RandAugment; images were 331 pixels wide in the former. */
  static final MagnitudeSpace USUAL = new MagnitudeSpace(0.3, 150.0 / 331, 0, 30, 0.9, 4);

  /** That of TrivialAugment. */
  static final MagnitudeSpace WIDE = new MagnitudeSpace(0.99, 0, 32, 135, 0.99, 6);
}
