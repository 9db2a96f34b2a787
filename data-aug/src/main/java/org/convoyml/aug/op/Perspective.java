package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Looks at the image from aside, with probability {@code p}: each corner moves inwards by a whole
 * number of pixels, drawn uniformly from 0 to {@code distortion} times half the width, and likewise
 * half the height. This is torchvision's {@code RandomPerspective}. Bilinear; what comes in from
 * outside the image is 0 (black).
 *
 * @param distortion 0 to 0.95
 * @param p 0 to 1
 */
public record Perspective(double distortion, double p) implements ImageOp {
  /** Allowed values of {@code distortion}; at 1 corners could meet. */
  public static final Range DISTORTION = new Range(0, 0.95);

  /** Allowed values of {@code p}. */
  public static final Range PROBABILITY = new Range(0, 1);

  /** What {@code p} is unless it is given. */
  public static final double DEFAULT_PROBABILITY = 0.5;

  public Perspective {
    DISTORTION.check("distortion", distortion);
    PROBABILITY.check("p", p);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    if (!random.nextBoolean(p)) {
      return;
    }
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

  @Override
  public String toString() {
    return "perspective(" + Range.format(distortion) + ", " + Range.format(p) + ")";
  }
}
