package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Stretches the levels of each channel over all of 0 to 255.
 *
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomAutocontrast.html">torchvision's
 *     RandomAutocontrast</a>
 */
public record Autocontrast() implements ImageOp {
  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().autocontrast();
  }
}
