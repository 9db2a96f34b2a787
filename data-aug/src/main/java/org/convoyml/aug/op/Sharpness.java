package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Sharpens, or blurs a little: each pixel's difference from a smooth 3×3 mean is multiplied by a
 * factor drawn uniformly from {@code [max(0, 1 − strength), 1 + strength)}.
 *
 * @param strength 0 to 10; 0 changes nothing, 0.4 is usual
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomAdjustSharpness.html">torchvision's
 *     RandomAdjustSharpness</a>
 */
public record Sharpness(double strength) implements ImageOp {
  public Sharpness {
    Factor.STRENGTH.check("strength", strength);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().sharpness(Factor.draw(random, strength));
  }
}
