package org.convoyml.aug.op;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Where a canvas gets its image from, once and as late as possible: by then it may be known that a
 * smaller picture of it is enough.
 */
public interface PixelSource {
  /** Rows of the whole image, upright. */
  int height();

  /** Columns of the whole image, upright. */
  int width();

  /** 1 for grey, 3 for red, green, blue. */
  int channels();

  /**
   * The image: 8 bits, {@link #channels}, either in its own size or smaller by the given factor,
   * where pixel {@code (x, y)} is the mean of the {@code reduction}² pixels from {@code
   * (reduction·x, reduction·y)} on, and an incomplete last row or column is kept.
   *
   * @param reduction 1, 2, 4 or 8; a source may ignore it
   * @return valid until the next call; the canvas does not write to it
   */
  Mat decode(int reduction);
}
