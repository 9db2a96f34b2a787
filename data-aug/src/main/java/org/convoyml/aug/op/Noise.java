package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Adds Gaussian noise: to every value of every channel an independent, normally distributed number.
 * Results are rounded to the nearest level and clipped to 0 to 255.
 *
 * @param sigma standard deviation, as a part of the full range of levels, 0 to 1; 0 changes
 *     nothing, 0.05 is usual
 */
public record Noise(double sigma) implements ImageOp {
  /** Allowed values of {@code sigma}. */
  public static final Range SIGMA = new Range(0, 1);

  public Noise {
    SIGMA.check("sigma", sigma);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().gaussianNoise(random, sigma);
  }
}
