package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * An operation that moves every pixel by one affine map. Neighbours in a policy are composed to one
 * map, so that an image is interpolated once however many there are.
 */
public sealed interface AffineOp extends ImageOp permits Rotate, Translate {
  /**
   * Draws this image's map, from pixel coordinates of the image to those of the result, which has
   * the same size.
   *
   * @param random the source of all its choices
   * @param height of the image in pixels
   * @param width of the image in pixels
   */
  AffineMap draw(KeyedRandom random, int height, int width);
}
