package org.convoyml.spark.train;

import org.apache.spark.util.AccumulatorV2;

/**
 * Carries the newest progress from a worker to the driver: Spark sends accumulators along with
 * every heartbeat, while the task still runs.
 */
final class ProgressAccumulator extends AccumulatorV2<Progress, Progress> {
  private static final long serialVersionUID = 1L;

  private volatile Progress newest;

  @Override
  public boolean isZero() {
    return newest == null;
  }

  @Override
  public AccumulatorV2<Progress, Progress> copy() {
    ProgressAccumulator copy = new ProgressAccumulator();
    copy.newest = newest;
    return copy;
  }

  @Override
  public void reset() {
    newest = null;
  }

  @Override
  public void add(Progress progress) {
    newest = progress;
  }

  @Override
  public void merge(AccumulatorV2<Progress, Progress> other) {
    Progress theirs = other.value();
    if (theirs != null && (newest == null || theirs.stepsDone() > newest.stepsDone())) {
      newest = theirs;
    }
  }

  @Override
  public Progress value() {
    return newest;
  }
}
