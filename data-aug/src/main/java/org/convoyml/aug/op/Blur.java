package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Blurs by a Gaussian whose standard deviation is drawn uniformly from {@code [minSigma,
 * maxSigma)}, in pixels; mirrored at the edges.
 *
 * @param minSigma 0 to 20, at most {@code maxSigma}
 * @param maxSigma 0 to 20; 0 changes nothing, 2 is usual for photographs of 224 pixels
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.GaussianBlur.html">torchvision's
 *     GaussianBlur</a>
 */
public record Blur(double minSigma, double maxSigma) implements ImageOp {
  /** Allowed values of {@code minSigma} and {@code maxSigma}. */
  public static final Range SIGMA = new Range(0, 20);

  public Blur {
    SIGMA.check("minSigma", minSigma);
    new Range(minSigma, SIGMA.high()).check("maxSigma", maxSigma);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double sigma = random.uniform(minSigma, maxSigma);
    if (sigma > 0) {
      canvas.blur(sigma);
    }
  }
}
