package org.convoyml.spark.collective.transport;

import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskContext;

/** The barrier task of the calling thread. */
public final class BarrierTask {
  private BarrierTask() {}

  /**
   * Its context. {@code BarrierTaskContext.get()} would give the same, and start a timer that is no
   * daemon: a driver program that is its own executor would never end.
   */
  public static BarrierTaskContext context() {
    return (BarrierTaskContext) TaskContext.get();
  }
}
