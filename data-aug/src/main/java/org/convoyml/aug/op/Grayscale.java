package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Takes away all colour; the image keeps its channels.
 *
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomGrayscale.html">torchvision's
 *     RandomGrayscale</a>
 */
public record Grayscale() implements ImageOp {
  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().grayscale();
  }
}
