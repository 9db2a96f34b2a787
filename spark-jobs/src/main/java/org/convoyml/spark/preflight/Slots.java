package org.convoyml.spark.preflight;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.driver.Executors;
import org.convoyml.spark.driver.Supervised;

/**
 * How many tasks the cluster can run at once. A barrier stage needs all of its tasks at once, and
 * Spark alone would wait ten minutes or for ever when there is no room.
 */
public final class Slots {
  /** What to do about dynamic allocation. */
  static final String STATIC_ALLOCATION =
      "set spark.dynamicAllocation.enabled=false and spark.executor.instances";

  private static final String SOME_SLOTS =
      "use more cores or fewer --workers, and executors that fit the cluster's machines";

  private static final String NO_SLOTS =
      "let the cluster have machines on which --executor-cores and --executor-memory fit: its"
          + " master's page lists them";

  /** How long executors that were asked for may take to register after the last that came. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private static final long POLL_MILLIS = 100;

  /** The driver may learn that an executor is gone later than its peers. */
  private static final long SETTLE_MILLIS = 2_000;

  private Slots() {}

  /**
   * Waits until the cluster can run a task at all. Spark alone would wait for ever.
   *
   * @throws ConvoyException if it cannot in time
   */
  public static void awaitOne(SparkContext spark) {
    // Under dynamic allocation executors come only when there are tasks.
    if (!Executors.isDynamic(spark.getConf())) {
      check(await(spark, 1, PreflightRequest.DEADLINE), 1, spark);
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
  public static int workers(SparkContext spark, int wanted, int lanes) {
    if (Executors.isDynamic(spark.getConf())) {
      throw new ConvoyException(
          "Spark runs no barrier stage under dynamic allocation: " + STATIC_ALLOCATION);
    }
    int slots = await(spark, wanted, PreflightRequest.DEADLINE);
    check(slots, Math.max(1, wanted), spark);
    return wanted == 0 ? Math.min(slots, lanes) : wanted;
  }

  /**
   * How many workers a round can have: as many as wanted, or as there are slots now. Waits for
   * executors only if there are none.
   *
   * @param wanted 0 for all slots
   * @param lanes no more workers than this
   * @throws ConvoyException if there are still none when the time is over
   */
  public static int now(SparkContext spark, int wanted, int lanes) {
    Duration patience = Executors.patience(spark.getConf());
    int slots = await(spark, 1, patience);
    if (slots == 0) {
      throw Executors.gone(patience);
    }
    return Math.min(wanted == 0 ? lanes : wanted, slots);
  }

  /** After workers were lost, waits a moment, so that the driver knows of the loss too. */
  public static void settle() {
    pause(SETTLE_MILLIS);
  }

  private static void check(int slots, int needed, SparkContext spark) {
    if (slots < needed) {
      throw new ConvoyException(tooFew(slots, needed, spark) + ": " + fix(slots));
    }
  }

  static String tooFew(int slots, int needed, SparkContext spark) {
    return "expected %d task slots of %d cores at once, found %d"
        .formatted(needed, cpus(spark.getConf()), slots);
  }

  /** What to do about too few. */
  static String fix(int slots) {
    return slots == 0 ? NO_SLOTS : SOME_SLOTS;
  }

  /**
   * Returns how many there are, when there are enough or the time is over.
   *
   * @param wanted 0 for as many as come: those that the settings ask for, if they come one soon
   *     after another
   * @throws ConvoyException if Spark gives the cluster up
   */
  static int await(SparkContext spark, int wanted, Duration deadline) {
    int needed = wanted == 0 ? expected(spark.getConf()) : wanted;
    long start = System.nanoTime();
    long lastCame = start;
    int slots = Executors.slots(spark);
    while (slots < needed && !spark.isLocal() && !isOver(start, deadline)) {
      if (wanted == 0 && slots > 0 && isOver(lastCame, QUIET)) {
        break;
      }
      pause(POLL_MILLIS);
      if (spark.isStopped()) {
        throw new ConvoyException(
            "Spark has stopped, because %s does not answer or has refused this application"
                .formatted(spark.master()));
      }
      int now = Executors.slots(spark);
      if (now > slots) {
        lastCame = System.nanoTime();
      }
      slots = now;
    }
    return slots;
  }

  private static boolean isOver(long start, Duration time) {
    return System.nanoTime() - start >= time.toNanos();
  }

  /** How many the settings ask for; 1 if they leave it to the cluster. */
  private static int expected(SparkConf conf) {
    int instances = conf.getInt("spark.executor.instances", 0);
    int cores =
        instances > 0
            ? instances * conf.getInt("spark.executor.cores", 1)
            : conf.getInt("spark.cores.max", 0);
    return Math.max(1, cores / cpus(conf));
  }

  private static int cpus(SparkConf conf) {
    return conf.getInt("spark.task.cpus", 1);
  }

  private static void pause(long millis) {
    Supervised.check();
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConvoyException("interrupted while waiting for executors", e);
    }
  }
}
