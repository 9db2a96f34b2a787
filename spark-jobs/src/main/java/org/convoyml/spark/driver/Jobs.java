package org.convoyml.spark.driver;

import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.convoyml.aug.source.Failures;
import org.convoyml.nn.ConvoyException;

/**
 * Runs jobs, and gets the one line that explains a failed one out of what Spark wraps around it.
 */
public final class Jobs {
  /** What Spark 3 says of a job that was cancelled; it has no name for the error yet. */
  private static final Pattern CANCELLED = Pattern.compile("Job \\d+ cancelled .*", Pattern.DOTALL);

  private Jobs() {}

  /** Whether this is the failure of a job that was cancelled. */
  public static boolean isCancelled(Throwable failure) {
    return failure instanceof SparkException spark
        && ("SPARK_JOB_CANCELLED".equals(spark.getErrorClass())
            || CANCELLED.matcher(String.valueOf(spark.getMessage())).matches());
  }

  /**
   * Runs a job.
   *
   * @throws ConvoyException if one was thrown in a task
   */
  public static <T> T run(Supplier<T> job) {
    Supervised.check();
    return Failures.unwrapped(job);
  }

  /**
   * All elements of an RDD that nobody needs any more. What was shuffled for it is deleted; Spark
   * itself would do that only with the driver's garbage.
   *
   * <p>It is left to Spark if the job fails, since tasks may go on a little after that. One that
   * asks where a deleted shuffle is gets no answer for two minutes; and when the output of a map
   * task arrives for one, Spark's scheduler fails and takes the whole SparkContext with it.
   */
  public static <T> List<T> collectLast(JavaRDD<T> rdd) {
    List<T> all = rdd.collect();
    rdd.rdd().cleanShuffleDependencies(false);
    return all;
  }
}
