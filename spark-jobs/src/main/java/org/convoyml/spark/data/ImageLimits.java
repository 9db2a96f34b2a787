package org.convoyml.spark.data;

import java.io.Serializable;
import org.convoyml.aug.image.ImageDecoder;

/**
 * What is put up with in a data set.
 *
 * @param maxPixels images with more are taken for corrupt before memory is spent on them; positive
 * @param maxCorrupt share of a data set's images that may be corrupt, in [0, 1): so at least one
 *     image is left
 */
public record ImageLimits(long maxPixels, double maxCorrupt) implements Serializable {
  public static final ImageLimits DEFAULT = new ImageLimits(ImageDecoder.MAX_PIXELS, 0.01);

  public ImageLimits {
    if (maxPixels <= 0) {
      throw new IllegalArgumentException("the limit of pixels must be positive, got " + maxPixels);
    }
    if (!(maxCorrupt >= 0 && maxCorrupt < 1)) {
      throw new IllegalArgumentException(
          "the share of corrupt images must be in [0, 1), got " + maxCorrupt);
    }
  }

  /**
   * For a part of a data set, in which the share may be larger by chance: all but one image may be
   * corrupt.
   */
  public ImageLimits withoutShare() {
    return new ImageLimits(maxPixels, Math.nextDown(1.0));
  }

  /** Whether so many corrupt images are too many. */
  public boolean areExceeded(long corrupt, long images) {
    return corrupt > maxCorrupt * images;
  }
}
