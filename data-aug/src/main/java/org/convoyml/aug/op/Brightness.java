package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Multiplies all levels by a factor, clipped to 0 to 255. The factor is drawn uniformly from {@code
 * [max(0, 1 − strength), 1 + strength)}.
 *
 * @param strength 0 to 10; 0 changes nothing, 0.4 is usual
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.ColorJitter.html">torchvision's
 *     ColorJitter</a>
 */
public record Brightness(double strength) implements ImageOp {
  public Brightness {
    Factor.STRENGTH.check("strength", strength);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().brightness(Factor.draw(random, strength));
  }
}
