package org.convoyml.aug.source;

import org.apache.spark.sql.SparkSession;

/** Finds out what kind of images lies at a path. */
public final class ImageSources {
  private ImageSources() {}

  /**
   * Opens IDX files, a folder of class folders, or a tar file of such a folder.
   *
   * @param path on any file system that Hadoop knows; of IDX files, that of the images
   * @throws org.convoyml.nn.ConvoyException if nothing is there, or nothing that is supported
   */
  public static ImageDataset open(SparkSession spark, String path) {
    throw new UnsupportedOperationException(spark + path);
  }
}
