package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Covers a square whose middle is anywhere in the image, so that part of it may lie outside.
 *
 * @param size the square's side in pixels, 1 to 10000; the paper has 16 for CIFAR-10 and 8 for
 *     CIFAR-100
 * @param value the level of the square, 0 to 255. The paper has the mean, which 128 is about, so
 *     that the statistics of a batch stay as they are
 * @see <a href="https://arxiv.org/abs/1708.04552">DeVries and Taylor, Improved regularization of
 *     convolutional neural networks with Cutout</a>
 */
public record Cutout(int size, int value) implements ImageOp {
  /** Allowed values of {@code size}. */
  public static final Range SIZE = new Range(1, 10_000);

  /** Allowed values of {@code value}. */
  public static final Range VALUE = new Range(0, 255);

  public Cutout {
    SIZE.check("size", size);
    VALUE.check("value", value);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    int y = random.nextInt(canvas.height()) - size / 2;
    int x = random.nextInt(canvas.width()) - size / 2;
    canvas.erase(x, y, size, size, value);
  }
}
