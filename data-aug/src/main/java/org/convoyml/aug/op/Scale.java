package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Zooms about the centre by a factor drawn uniformly from {@code [min, max)}; the size stays. Above
 * 1 the image grows and its edges are cut off; below 1 it shrinks and is surrounded by 0 (black).
 * Bilinear.
 *
 * @param min 0.1 to 10
 * @param max {@code min} to 10
 */
public record Scale(double min, double max) implements ImageOp {
  /** Allowed values of both. */
  public static final Range FACTOR = new Range(0.1, 10);

  public Scale {
    FACTOR.check("min", min);
    new Range(min, FACTOR.high()).check("max", max);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double factor = random.uniform(min, max);
    canvas.affineAboutCentre(factor, 0, 0, factor, 0, 0);
  }
}
