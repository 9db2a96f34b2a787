package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Makes a negative: every level becomes 255 less itself.
 *
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomInvert.html">torchvision's
 *     RandomInvert</a>
 */
public record Invert() implements ImageOp {
  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().invert();
  }
}
