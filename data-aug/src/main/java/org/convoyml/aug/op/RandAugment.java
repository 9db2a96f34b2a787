package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * RandAugment: {@code n} operations, each drawn uniformly from identity, shear, translation (along
 * x and y), rotation, brightness, saturation, contrast, sharpness, posterize, solarize,
 * autocontrast and equalize, all of one magnitude; those that have two directions take either.
 *
 * <p>At magnitude 30 shear is 0.3, translation 45% of the side, rotation 30°, factors 1 ± 0.9,
 * posterize keeps 4 bits, and solarize inverts everything.
 *
 * @param n how many, 1 to 14
 * @param magnitude 0 to 30; 0 is weakest
 * @see <a href="https://arxiv.org/abs/1909.13719">Cubuk et al., RandAugment: practical automated
 *     data augmentation with a reduced search space</a>
 */
public record RandAugment(int n, int magnitude) implements ImageOp {
  /** Allowed values of {@code n}. */
  public static final Range N = new Range(1, AutoOp.CHOICES);

  /** Allowed values of {@code magnitude}. */
  public static final Range MAGNITUDE = new Range(0, 30);

  private static final int BINS = 31;

  public RandAugment {
    N.check("n", n);
    MAGNITUDE.check("magnitude", magnitude);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    for (int i = 0; i < n; i++) {
      AutoOp.draw(random).apply(canvas, MagnitudeSpace.USUAL, magnitude, BINS, random);
    }
  }
}
