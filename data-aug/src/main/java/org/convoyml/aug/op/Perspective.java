package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Looks at the image from aside: each corner moves inwards by a whole number of pixels, drawn
 * uniformly from 0 to {@code distortion} times half the width, and likewise half the height. This
 * is torchvision's {@code RandomPerspective}. Bilinear; what comes in from outside the image is 0
 * (black).
 *
 * @param distortion 0 to 0.95
 */
public record Perspective(double distortion) implements ImageOp {
  /** Allowed values of {@code distortion}; at 1 corners could meet. */
  public static final Range DISTORTION = new Range(0, 0.95);

  public Perspective {
    DISTORTION.check("distortion", distortion);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    int right = canvas.width() - 1;
    int bottom = canvas.height() - 1;
    int roomX = (int) (distortion * (canvas.width() / 2)) + 1;
    int roomY = (int) (distortion * (canvas.height() / 2)) + 1;
    canvas.perspective(
        random.nextInt(roomX),
        random.nextInt(roomY),
        right - random.nextInt(roomX),
        random.nextInt(roomY),
        right - random.nextInt(roomX),
        bottom - random.nextInt(roomY),
        random.nextInt(roomX),
        bottom - random.nextInt(roomY));
  }
}
