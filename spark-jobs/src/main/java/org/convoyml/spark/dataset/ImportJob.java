package org.convoyml.spark.dataset;

import org.convoyml.aug.source.ImageDataset;
import org.convoyml.spark.data.ImageLimits;

/**
 * One import: what, where to, and in which files.
 *
 * @param dataset the images
 * @param name names them in messages
 * @param output the directory to write, on any Hadoop file system
 * @param overwrite whether it may replace a data set that is there
 * @param files how they are cut
 * @param limits of what it may hold: nothing is left out, but too much that is corrupt is refused
 */
public record ImportJob(
    ImageDataset dataset,
    String name,
    String output,
    boolean overwrite,
    FileCut files,
    ImageLimits limits) {

  /** Into which files images are cut; files have equal ranges of ids, so about as many images. */
  public sealed interface FileCut {}

  /**
   * So many files.
   *
   * @param files positive
   */
  public record Count(int files) implements FileCut {
    public Count {
      if (files <= 0) {
        throw new IllegalArgumentException("the number of files must be positive, got " + files);
      }
    }
  }

  /**
   * As few files, in a power of two, as make each about so large or smaller. (Of a power of two one
   * need not know the size of the images before they are read and sorted.)
   *
   * @param bytes of encoded images, positive
   */
  public record Size(long bytes) implements FileCut {
    public Size {
      if (bytes <= 0) {
        throw new IllegalArgumentException("the size of files must be positive, got " + bytes);
      }
    }
  }
}
