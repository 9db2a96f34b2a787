package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Cuts out the square of {@code size} pixels in the middle. Where the image is smaller, it is
 * surrounded by 0 (black).
 *
 * @param size 1 to 65,535 pixels
 */
public record CenterCrop(int size) implements ImageOp {
  /** Allowed values of {@code size}. */
  public static final Range SIZE = Crop.SIZE;

  public CenterCrop {
    SIZE.check("size", size);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.centreCrop(size, size);
  }
}
