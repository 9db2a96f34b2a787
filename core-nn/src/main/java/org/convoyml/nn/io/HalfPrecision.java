package org.convoyml.nn.io;

/** IEEE 754's binary16: a sign, 5 bits of exponent, 10 of mantissa. */
public final class HalfPrecision {
  private HalfPrecision() {}

  /** The number that these bits are, exactly. */
  public static float toFloat(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int mantissa = bits & 0x3FF;
    float magnitude =
        switch (exponent) {
          case 0 -> mantissa * 0x1p-24f;
          case 0x1F -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> (mantissa | 0x400) * (float) StrictMath.scalb(1.0, exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
