package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Moves all levels away from the image's mean grey, or towards it: the difference is multiplied by
 * a factor drawn uniformly from {@code [max(0, 1 − strength), 1 + strength)}.
 *
 * @param strength 0 to 10; 0 changes nothing, 0.4 is usual
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.ColorJitter.html">torchvision's
 *     ColorJitter</a>
 */
public record Contrast(double strength) implements ImageOp {
  public Contrast {
    Factor.STRENGTH.check("strength", strength);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().contrast(Factor.draw(random, strength));
  }
}
