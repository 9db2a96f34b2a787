package org.convoyml.spark.train;

import org.apache.spark.SparkContext;
import org.convoyml.nn.ConvoyException;

/**
 * How many tasks the cluster can run at once. A barrier stage needs all of its tasks at once, and
 * Spark alone would wait ten minutes or for ever when there is no room.
 */
public final class Slots {
  /** How long executors may take to register. */
  private static final int WAIT_SECONDS = 60;

  private static final long POLL_MILLIS = 100;

  private Slots() {}

  /**
   * Waits until the cluster can run a task at all. Spark alone would wait for ever.
   *
   * @throws ConvoyException if it cannot within {@link #WAIT_SECONDS}
   */
  public static void awaitOne(SparkContext spark) {
    // Under dynamic allocation executors come only when there are tasks.
    if (!isDynamic(spark)) {
      await(spark, 1);
    }
  }

  /**
   * Decides on the number of workers, after waiting a while for executors to register; in local
   * mode there are none to wait for.
   *
   * @param wanted 0 for all slots
   * @param lanes no more workers than this
   * @throws ConvoyException if there are not enough
   */
  static int workers(SparkContext spark, int wanted, int lanes) {
    if (isDynamic(spark)) {
      throw new ConvoyException(
          "Spark runs no barrier stage under dynamic allocation: set"
              + " spark.dynamicAllocation.enabled=false and spark.executor.instances");
    }
    int slots = await(spark, Math.max(1, wanted));
    return wanted == 0 ? Math.min(slots, lanes) : wanted;
  }

  /** Returns how many there are when there are enough. */
  private static int await(SparkContext spark, int needed) {
    long end = System.nanoTime() + WAIT_SECONDS * 1_000_000_000L;
    int slots = available(spark);
    while (slots < needed) {
      if (spark.isLocal() || System.nanoTime() - end >= 0) {
        throw new ConvoyException(
            "expected %d task slots of %d cores at once, found %d: use more cores or fewer --workers, and executors that fit the cluster's machines"
                .formatted(needed, spark.getConf().getInt("spark.task.cpus", 1), slots));
      }
      pause();
      slots = available(spark);
    }
    return slots;
  }

  private static boolean isDynamic(SparkContext spark) {
    return spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
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
