package org.convoyml.spark.train;

import org.apache.spark.SparkContext;
import org.convoyml.nn.ConvoyException;

/**
 * How many tasks the cluster can run at once. A barrier stage needs all of its tasks at once, and
 * Spark alone would wait ten minutes or for ever when there is no room.
 */
final class Slots {
  private static final long POLL_MILLIS = 100;

  private Slots() {}

  /**
   * Decides on the number of workers, after waiting a while for executors to register; in local
   * mode there are none to wait for.
   *
   * @param wanted 0 for all slots
   * @param lanes no more workers than this
   * @param waitSeconds for the slots that are wanted, or for the first
   * @throws ConvoyException if there are not enough
   */
  static int workers(SparkContext spark, int wanted, int lanes, int waitSeconds) {
    if (spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new ConvoyException(
          "Spark runs no barrier stage under dynamic allocation: set"
              + " spark.dynamicAllocation.enabled=false and spark.executor.instances");
    }
    int needed = Math.max(1, wanted);
    long end = System.nanoTime() + waitSeconds * 1_000_000_000L;
    int slots = available(spark);
    while (slots < needed) {
      if (spark.isLocal() || System.nanoTime() - end >= 0) {
        throw new ConvoyException(
            "expected %d task slots of %d cores at once, one for each worker, found %d: use more cores or fewer --workers"
                .formatted(needed, spark.getConf().getInt("spark.task.cpus", 1), slots));
      }
      pause();
      slots = available(spark);
    }
    return wanted == 0 ? Math.min(slots, lanes) : wanted;
  }

  private static int available(SparkContext spark) {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConvoyException("interrupted while waiting for executors", e);
    }
  }
}
