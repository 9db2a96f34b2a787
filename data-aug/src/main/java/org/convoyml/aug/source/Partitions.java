package org.convoyml.aug.source;

import org.apache.spark.sql.SparkSession;

/** Into how many partitions images are cut. */
final class Partitions {
  private static final long BYTES_PER_PARTITION = 64L << 20;
  private static final long FILES_PER_PARTITION = 1000;
  private static final int PARTITIONS_PER_SLOT = 2;

  private Partitions() {}

  /**
   * A few for every task slot, so that a slow one does not hold up the others, and more where they
   * would be too large to cache or retry comfortably.
   */
  static int forBytes(SparkSession spark, long bytes) {
    long bySlots = (long) PARTITIONS_PER_SLOT * spark.sparkContext().defaultParallelism();
    return (int) Math.max(bySlots, (bytes + BYTES_PER_PARTITION - 1) / BYTES_PER_PARTITION);
  }

  /** The same for files of unknown size. */
  static int forFiles(SparkSession spark, long files) {
    return forBytes(spark, files * (BYTES_PER_PARTITION / FILES_PER_PARTITION));
  }
}
