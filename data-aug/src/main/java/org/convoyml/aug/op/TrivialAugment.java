package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * TrivialAugment Wide: one operation, drawn uniformly from those of {@link RandAugment}, with a
 * magnitude drawn uniformly from 31. The strongest shear is 0.99, translation 32 pixels, rotation
 * 135°, factors 1 ± 0.99, posterize keeps 2 bits, and solarize inverts everything.
 *
 * @see <a href="https://arxiv.org/abs/2103.10158">Müller and Hutter, TrivialAugment: tuning-free
 *     yet state-of-the-art data augmentation</a>
 */
public record TrivialAugment() implements ImageOp {
  private static final int BINS = 31;

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    AutoOp op = AutoOp.draw(random);
    op.apply(canvas, MagnitudeSpace.WIDE, random.nextInt(BINS), BINS, random);
  }
}
