package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Makes the levels of each channel about equally frequent.
 *
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomEqualize.html">torchvision's
 *     RandomEqualize</a>
 */
public record Equalize() implements ImageOp {
  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().equalize();
  }
}
