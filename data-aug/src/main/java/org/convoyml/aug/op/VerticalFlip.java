package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/** Swaps top and bottom. */
public record VerticalFlip() implements ImageOp {
  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.flipVertically();
  }
}
