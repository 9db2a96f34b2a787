package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Blurs by a Gaussian whose standard deviation is drawn uniformly from {@code [sigmaMin,
 * sigmaMax)}, in pixels; mirrored at the edges.
 *
 * @param sigmaMin 0 to 20, at most {@code sigmaMax}
 * @param sigmaMax 0 to 20; 0 changes nothing, 2 is usual for photographs of 224 pixels
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.GaussianBlur.html">torchvision's
 *     GaussianBlur</a>
 */
public record Blur(double sigmaMin, double sigmaMax) implements ImageOp {
  /** Allowed values of {@code sigmaMin} and {@code sigmaMax}. */
  public static final Range SIGMA = new Range(0, 20);

  public Blur {
    SIGMA.check("sigmaMin", sigmaMin);
    SIGMA.check("sigmaMax", sigmaMax);
    Range.checkOrder("sigmaMin", sigmaMin, "sigmaMax", sigmaMax);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double sigma = random.uniform(sigmaMin, sigmaMax);
    if (sigma > 0) {
      canvas.blur(sigma);
    }
  }
}
