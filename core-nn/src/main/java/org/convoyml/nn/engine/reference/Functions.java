package org.convoyml.nn.engine.reference;

/** Functions that activations are made of, in strict double precision. */
final class Functions {
  /** Beyond it, {@code 1 − erf} is below half the distance of doubles. */
  private static final double ERF_IS_ONE = 6;

  private static final double SQRT_2 = StrictMath.sqrt(2);
  private static final double SQRT_PI = StrictMath.sqrt(StrictMath.PI);

  private Functions() {}

  static double sigmoid(double x) {
    // Of the two equal forms, the one whose exponential does not overflow.
    return x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
  }

  /** {@code x} brought to {@code [low, high]}; NaN stays NaN. */
  static double clip(double x, double low, double high) {
    return Math.min(Math.max(x, low), high);
  }

  /** The normal distribution's cumulative distribution function. */
  static double normalCdf(double x) {
    return 0.5 * (1 + erf(x / SQRT_2));
  }

  /** The normal distribution's density. */
  static double normalDensity(double x) {
    return StrictMath.exp(-0.5 * x * x) / (SQRT_2 * SQRT_PI);
  }

  /**
   * The error function as {@code 2/√π · e^{−x²} · Σ 2ⁿ·x^{2n+1} / (1·3·…·(2n+1))}: all terms have
   * one sign, so none of them cancel.
   *
   * @see <a href="https://dlmf.nist.gov/7.6">DLMF 7.6.2</a>
   */
  static double erf(double x) {
    if (Math.abs(x) > ERF_IS_ONE) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.ulp(sum) / 4; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / SQRT_PI * StrictMath.exp(-x * x) * sum;
  }
}
