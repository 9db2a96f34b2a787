package org.convoyml.spark.data;

import org.apache.spark.Partitioner;

/**
 * Cuts the 64-bit ids into equal ranges. Ids are hashes, so the ranges are as full as each other,
 * and nothing has to be sampled first as Spark's own range partitioner does.
 */
final class IdRangePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  IdRangePartitioner(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    // The id's place among all longs, from 0 to 2^64: the high half of its product with the
    // partitions.
    long place = (Long) key ^ Long.MIN_VALUE;
    return (int) (Math.multiplyHigh(place, partitions) + (place < 0 ? partitions : 0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdRangePartitioner that && partitions == that.partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
