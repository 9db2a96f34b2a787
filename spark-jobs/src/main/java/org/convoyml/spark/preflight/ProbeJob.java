package org.convoyml.spark.preflight;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.convoyml.nn.ConvoyException;
import scala.reflect.ClassTag$;

/** The barrier job that reaches every executor. */
final class ProbeJob {
  private static final String INTERRUPT = "spark.job.interruptOnCancel";

  /** Ids are numbers, of any length, or that of the driver in local mode. */
  private static final Comparator<ExecutorReport> BY_EXECUTOR =
      Comparator.<ExecutorReport>comparingInt(report -> report.executor().length())
          .thenComparing(ExecutorReport::executor);

  private ProbeJob() {}

  /**
   * Runs it, but not for ever: Spark waits ten minutes when an executor was lost after its slots
   * were counted, and cannot be told to stop that.
   *
   * @param slots of the cluster; a task for each reaches every executor
   * @throws ConvoyException if not all executors answer in time
   */
  static List<ExecutorReport> run(
      SparkContext spark, ExecutorProbe probe, int slots, Duration deadline) {
    String before = spark.getLocalProperty(INTERRUPT);
    spark.setLocalProperty(INTERRUPT, "true");
    JavaFutureAction<List<ExecutorReport>> answer;
    try {
      answer =
          spark
              .range(0, slots, 1, slots)
              .barrier()
              .mapPartitions(
                  probe, false, ClassTag$.MODULE$.<ExecutorReport>apply(ExecutorReport.class))
              .toJavaRDD()
              .collectAsync();
    } finally {
      spark.setLocalProperty(INTERRUPT, before);
    }
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS).stream()
          .sorted(BY_EXECUTOR)
          .toList();
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ConvoyException(
          "not all executors answered within %d s".formatted(deadline.toSeconds()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ConvoyException("interrupted while executors were asked", e);
    } catch (ExecutionException e) {
      throw new ConvoyException("executors failed: " + reason(e.getCause()), e.getCause());
    }
  }

  /** Of a failed barrier stage Spark says on the second line why. */
  private static String reason(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().limit(2).collect(joining(" "));
  }
}
