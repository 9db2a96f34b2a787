package org.convoyml.aug.op;

import java.io.Serializable;
import org.convoyml.nn.random.KeyedRandom;

/**
 * One random variation of an image, as a value. What it does to an image is a pure function of the
 * image and of the random source it is given.
 *
 * <p>{@code toString} is how a policy writes it, for example {@code rotate(10)}.
 */
public sealed interface ImageOp extends Serializable permits Rotate, Translate {
  /**
   * Varies the image on the canvas.
   *
   * @param random the source of all its choices, at the start of this operation's own sequence
   */
  void apply(ImageCanvas canvas, KeyedRandom random);
}
