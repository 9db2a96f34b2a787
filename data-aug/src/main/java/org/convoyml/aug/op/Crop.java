package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Cuts out a square of {@code size} pixels at a place drawn uniformly from all that lie in the
 * image. Where the image is smaller, it is in the middle, surrounded by 0 (black).
 *
 * @param size 1 to 65,535 pixels
 */
public record Crop(int size) implements ImageOp {
  /** Allowed values of {@code size}. */
  public static final Range SIZE = new Range(1, 65_535);

  public Crop {
    SIZE.check("size", size);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    int x = offset(canvas.width() - size, random);
    int y = offset(canvas.height() - size, random);
    canvas.crop(x, y, size, size);
  }

  private static int offset(int room, KeyedRandom random) {
    int drawn = random.nextInt(Math.max(0, room) + 1);
    return room < 0 ? Math.floorDiv(room, 2) : drawn;
  }
}
