package org.convoyml.spark.data;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.convoyml.nn.ConvoyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Spark jobs so that interrupting the driver's thread ends them, which Spark's own actions
 * leave running, and gets the one line that explains a failed job out of what Spark wraps around
 * it.
 */
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  /** How long a job that was cancelled may take to end. */
  private static final long END_MILLIS = 5_000;

  private Jobs() {}

  /** Something that runs a job. */
  @FunctionalInterface
  public interface Job<T> {
    T run() throws Exception;
  }

  /**
   * Runs a job.
   *
   * @throws ConvoyException if one was thrown in a task, or this thread was interrupted
   */
  public static <T> T run(Job<T> job) {
    try {
      return job.run();
      // Scala throws checked exceptions that Java's signatures do not mention.
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof ConvoyException known) {
          throw new ConvoyException(known.getMessage(), e);
        }
      }
      throw unchecked(e);
    }
  }

  /** A job's exception as one that need not be declared; an interruption is kept. */
  public static RuntimeException unchecked(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return new ConvoyException("interrupted while waiting for Spark", e);
    }
    return e instanceof RuntimeException already
        ? already
        : new IllegalStateException(e.getMessage(), e);
  }

  /**
   * All elements, in order.
   *
   * @throws SparkException if the job failed
   * @throws InterruptedException if this thread was interrupted; the job is cancelled then
   */
  public static <T> List<T> collect(JavaRDD<T> rdd) throws SparkException, InterruptedException {
    return await(rdd.collectAsync());
  }

  /**
   * The same of an RDD that nobody needs any more. What was shuffled for it is deleted; Spark
   * itself would do that only with the driver's garbage.
   */
  public static <T> List<T> collectLast(JavaRDD<T> rdd)
      throws SparkException, InterruptedException {
    JavaFutureAction<List<T>> job = rdd.collectAsync();
    try {
      return await(job);
    } finally {
      Uninterrupted.attempt(
          "convoy-delete-shuffled",
          END_MILLIS,
          () -> {
            awaitEnd(job);
            rdd.rdd().cleanShuffleDependencies(false);
          },
          (thread, e) -> LOG.debug("what was shuffled is not deleted", e));
    }
  }

  /**
   * The result of a job that was started.
   *
   * @throws SparkException if the job failed
   * @throws InterruptedException if this thread was interrupted; the job is cancelled then
   */
  public static <T> T await(JavaFutureAction<T> job) throws SparkException, InterruptedException {
    try {
      return job.get();
    } catch (InterruptedException e) {
      job.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SparkException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    }
  }

  /**
   * Spark's scheduler fails, and takes the whole SparkContext with it, when the output of a map
   * task arrives for a shuffle that was deleted.
   */
  private static void awaitEnd(JavaFutureAction<?> job) {
    try {
      job.get();
    } catch (ExecutionException | CancellationException e) {
      LOG.debug("the job has ended without a result", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }
}
