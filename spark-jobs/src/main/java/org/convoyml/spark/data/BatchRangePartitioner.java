package org.convoyml.spark.data;

import java.util.Objects;
import org.apache.spark.Partitioner;

/** Gives each partition a contiguous range of micro-batches, as even as they come. */
public final class BatchRangePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final long batches;
  private final int partitions;

  public BatchRangePartitioner(long batches, int partitions) {
    this.batches = batches;
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return (int) (BatchKey.batch((Long) key) * partitions / batches);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchRangePartitioner that
        && batches == that.batches
        && partitions == that.partitions;
  }

  @Override
  public int hashCode() {
    return Objects.hash(batches, partitions);
  }
}
