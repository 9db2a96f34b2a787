package org.convoyml.aug.source;

import org.apache.spark.sql.SparkSession;

/** Images of one kind at one place, on any file system that Hadoop knows. */
public interface ImageSource {
  /**
   * Checks what can be checked cheaply, finds the classes, and describes the rest lazily: images
   * are read by the executors when the rows are used.
   *
   * @throws org.convoyml.nn.ConvoyException if something is missing or not as it must be. What only
   *     reading can show is thrown in the task, so that it is a cause of Spark's exception
   */
  ImageDataset open(SparkSession spark);
}
