package org.convoyml.spark.data;

import java.util.Objects;
import org.apache.spark.Partitioner;

/** Sends a micro-batch to the worker that hosts its lane. */
public final class LanePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final LanePlan plan;
  private final int workers;

  public LanePartitioner(LanePlan plan, int workers) {
    this.plan = plan;
    this.workers = workers;
  }

  @Override
  public int numPartitions() {
    return workers;
  }

  @Override
  public int getPartition(Object key) {
    return plan.workerOf((int) (BatchKey.batch((Long) key) % plan.lanes()), workers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LanePartitioner that
        && plan.equals(that.plan)
        && workers == that.workers;
  }

  @Override
  public int hashCode() {
    return Objects.hash(plan, workers);
  }
}
