package org.convoyml.spark.dataset;

import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;
import scala.Serializable;

/**
 * Joins partitions with those next to them, so that what is sorted stays sorted. Spark's own way
 * prefers those that lie on one machine.
 */
final class Neighbours implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public PartitionGroup[] coalesce(int groups, RDD<?> parent) {
    Partition[] partitions = parent.partitions();
    PartitionGroup[] joined = new PartitionGroup[groups];
    for (int group = 0; group < groups; group++) {
      joined[group] = new PartitionGroup(Option.empty());
      int end = (int) ((long) (group + 1) * partitions.length / groups);
      for (int i = (int) ((long) group * partitions.length / groups); i < end; i++) {
        joined[group].partitions().$plus$eq(partitions[i]);
      }
    }
    return joined;
  }
}
