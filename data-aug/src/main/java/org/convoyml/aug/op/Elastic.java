package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Deforms the image as if it were of rubber: each pixel moves by a random displacement, uniform in
 * {@code [−1, 1)} pixels in each direction, smoothed by a Gaussian of deviation {@code sigma}
 * pixels and multiplied by {@code alpha}. Bilinear; mirrored at the edges.
 *
 * <p>Smoothing makes a displacement smaller, to a deviation of about {@code 0.16·alpha/sigma}
 * pixels. Handwritten digits of 28×28 stay legible up to {@code elastic(34, 4)}.
 *
 * @param alpha 0 to 10,000
 * @param sigma 0.5 to 100 pixels
 * @see <a href="https://doi.org/10.1109/ICDAR.2003.1227801">Simard, Steinkraus and Platt, Best
 *     practices for convolutional neural networks applied to visual document analysis</a>
 */
public record Elastic(double alpha, double sigma) implements ImageOp {
  /** Allowed values of {@code alpha}. */
  public static final Range ALPHA = new Range(0, 10_000);

  /** Allowed values of {@code sigma}. */
  public static final Range SIGMA = new Range(0.5, 100);

  public Elastic {
    ALPHA.check("alpha", alpha);
    SIGMA.check("sigma", sigma);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    if (alpha > 0) {
      canvas.displace(random, alpha, sigma);
    }
  }
}
