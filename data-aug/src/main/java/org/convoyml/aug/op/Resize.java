package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Makes the shorter side {@code size} pixels long and the longer one in proportion, rounded down.
 * Averages areas where it shrinks, is bilinear where it enlarges.
 *
 * @param size 1 to 65,535 pixels
 */
public record Resize(int size) implements ImageOp {
  /** Allowed values of {@code size}. */
  public static final Range SIZE = Crop.SIZE;

  public Resize {
    SIZE.check("size", size);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.resizeShorterSide(size);
  }
}
