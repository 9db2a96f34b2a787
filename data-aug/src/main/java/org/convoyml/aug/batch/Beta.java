package org.convoyml.aug.batch;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Draws from the beta distribution, in strict arithmetic: the ratio of two gamma variables, kept as
 * logarithms because those of a small shape underflow.
 *
 * @see <a href="https://doi.org/10.1145/358407.358414">Marsaglia and Tsang, A simple method for
 *     generating gamma variables</a>
 */
final class Beta {
  private Beta() {}

  static void checkAlpha(double alpha) {
    if (!(alpha >= MixUp.MIN_ALPHA && alpha <= MixUp.MAX_ALPHA)) {
      throw new IllegalArgumentException("alpha must be 0.01 to 100, got " + alpha);
    }
  }

  /** In [0, 1]. */
  static double draw(double a, double b, KeyedRandom random) {
    double logOdds = logGamma(b, random) - logGamma(a, random);
    return 1 / (1 + StrictMath.exp(logOdds));
  }

  /** The logarithm of a variable of the gamma distribution with this shape and scale 1. */
  private static double logGamma(double shape, KeyedRandom random) {
    if (shape < 1) {
      return logGamma(shape + 1, random) + StrictMath.log(1 - random.nextDouble()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double normal = random.nextGaussian();
      double root = 1 + c * normal;
      if (root > 0) {
        double cube = root * root * root;
        double uniform = 1 - random.nextDouble();
        if (StrictMath.log(uniform)
            < 0.5 * normal * normal + d - d * cube + d * StrictMath.log(cube)) {
          return StrictMath.log(d * cube);
        }
      }
    }
  }
}
