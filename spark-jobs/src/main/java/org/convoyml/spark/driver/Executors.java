package org.convoyml.spark.driver;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.convoyml.nn.ConvoyException;

/** Whether there are executors at all, and how long to wait for the first. */
public final class Executors {
  /** A setting of Spark: how long work may be without any executor. */
  public static final String PATIENCE = "spark.convoy.noExecutorsTimeout";

  private static final Duration DEFAULT = Duration.ofSeconds(120);

  private Executors() {}

  /**
   * How long to wait for executors when there are none.
   *
   * @throws ConvoyException if the setting is no time
   */
  public static Duration patience(SparkConf conf) {
    try {
      long seconds = conf.getTimeAsSeconds(PATIENCE, DEFAULT.toSeconds() + "s");
      if (seconds > 0) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      throw wrong(conf, e);
    }
    throw wrong(conf, null);
  }

  private static ConvoyException wrong(SparkConf conf, Exception cause) {
    return new ConvoyException(
        "%s: expected a time such as 120s or 5m, got '%s'".formatted(PATIENCE, conf.get(PATIENCE)),
        cause);
  }

  /** How many tasks all executors can run at once. */
  public static int slots(SparkContext spark) {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Under dynamic allocation executors come only when there are tasks, and go when there are none.
   */
  public static boolean isDynamic(SparkConf conf) {
    return conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  /** Whether there is none that works or may come. */
  static boolean areGone(SparkContext spark) {
    return !spark.isLocal()
        && !spark.isStopped() // which every job will say
        && !isDynamic(spark.getConf())
        && slots(spark) == 0;
  }

  /** Says that there was none for too long. */
  public static ConvoyException gone(Duration patience) {
    return new ConvoyException(
        "there was no executor for %d s (%s): see on the master's page what became of them"
            .formatted(patience.toSeconds(), PATIENCE));
  }
}
