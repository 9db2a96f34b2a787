package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Adds a border of {@code pixels} on each side and cuts out a rectangle of the image's size at a
 * place drawn uniformly: a shift by up to so many whole pixels. What every recipe for CIFAR does,
 * with 4.
 *
 * @param pixels 0 to 1024
 * @param border what the border shows
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., Deep residual learning, section
 *     4.2</a>
 */
public record PadCrop(int pixels, Border border) implements ImageOp {
  /** Allowed values of {@code pixels}. */
  public static final Range PIXELS = new Range(0, 1024);

  public PadCrop {
    PIXELS.check("pixels", pixels);
    if (border == null) {
      throw new IllegalArgumentException("a border must be black or reflect, got null");
    }
  }

  /** With a black border. */
  public PadCrop(int pixels) {
    this(pixels, Border.BLACK);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    int x = random.nextInt(2 * pixels + 1) - pixels;
    int y = random.nextInt(2 * pixels + 1) - pixels;
    canvas.crop(x, y, canvas.height(), canvas.width(), border);
  }
}
