package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/** Swaps left and right. */
public record Flip() implements ImageOp {
  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.flipHorizontally();
  }
}
