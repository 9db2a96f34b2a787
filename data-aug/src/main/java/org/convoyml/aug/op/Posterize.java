package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Keeps the highest bits of every level, so that few levels remain.
 *
 * @param bits 1 to 8; 8 changes nothing
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomPosterize.html">torchvision's
 *     RandomPosterize</a>
 */
public record Posterize(int bits) implements ImageOp {
  /** Allowed values of {@code bits}. */
  public static final Range BITS = new Range(1, 8);

  public Posterize {
    BITS.check("bits", bits);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().posterize(bits);
  }
}
