package org.convoyml.spark.driver;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.convoyml.nn.ConvoyException;

/**
 * Work of the driver that can be interrupted at any moment and never waits for ever.
 *
 * <p>The work runs on a thread of its own, which nobody interrupts: Spark would leave its job
 * running then, and some calls of Spark and Hadoop fail half-way or forget the interruption. The
 * caller's thread waits and watches. When it is interrupted, or when there has been no executor for
 * {@link Executors#PATIENCE}, it cancels all Spark jobs that the work starts until it ends.
 *
 * <p>Thread-local properties of the {@code SparkContext}, such as its job group, hold in the work
 * too.
 */
public final class Supervised {
  private static final long LOOK_MILLIS = 100;

  /** How long the work may take to end when it should, such as to finish writing a file. */
  private static final Duration ENDING = Duration.ofSeconds(60);

  private final SparkContext spark;
  private final String what;
  private final Duration patience;
  private final String tag = "convoy-" + UUID.randomUUID();
  private ConvoyException reason;
  private boolean interrupted;

  private Supervised(SparkContext spark, String what) {
    this.spark = spark;
    this.what = what;
    this.patience = Executors.patience(spark.getConf());
  }

  /** Does the work; knows whether it should end. */
  private static final class WorkThread extends Thread {
    private volatile ConvoyException reason;

    private WorkThread(Runnable work, String name) {
      super(work, name);
      setDaemon(true);
    }
  }

  /**
   * Does some work. Within other such work it simply does it.
   *
   * @param what the work is, such as "training", for messages
   * @throws ConvoyException if the caller was interrupted, which is still set then, or if there was
   *     no executor for too long; besides, what the work throws
   */
  public static <T> T run(SparkContext spark, String what, Supplier<T> work) {
    return Thread.currentThread() instanceof WorkThread
        ? work.get()
        : new Supervised(spark, what).run(work);
  }

  /**
   * Ends work that should end, between two jobs.
   *
   * @throws ConvoyException if it should
   */
  public static void check() {
    if (Thread.currentThread() instanceof WorkThread work && work.reason != null) {
      throw new ConvoyException(work.reason.getMessage(), work.reason);
    }
  }

  private <T> T run(Supplier<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              spark.addJobTag(tag);
              return work.get();
            });
    WorkThread thread = new WorkThread(task, "convoy-" + what);
    thread.start();
    try {
      return await(task, thread);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T await(FutureTask<T> task, WorkThread thread) {
    long sawExecutors = System.nanoTime();
    long toEnd = 0;
    while (true) {
      try {
        return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw failed(e.getCause());
      } catch (InterruptedException e) {
        interrupted = true;
        reason = new ConvoyException("interrupted while " + what, e);
      } catch (TimeoutException e) {
        if (!Executors.areGone(spark)) {
          sawExecutors = System.nanoTime();
        } else if (reason == null && isOver(sawExecutors, patience)) {
          reason = Executors.gone(patience);
        }
      }
      if (reason != null) {
        toEnd = thread.reason == null ? System.nanoTime() : toEnd;
        thread.reason = reason;
        if (isOver(toEnd, ENDING)) {
          cancelUntilEnd(task);
          throw reason;
        }
        cancelJobs();
      }
    }
  }

  private static boolean isOver(long start, Duration time) {
    return System.nanoTime() - start >= time.toNanos();
  }

  /** Work that does not end when it should is not waited for, but starts no job that goes on. */
  private void cancelUntilEnd(FutureTask<?> task) {
    Thread cancelling =
        new Thread(
            () -> {
              while (!task.isDone() && !spark.isStopped()) {
                cancelJobs();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
              }
            },
            "convoy-cancelling");
    cancelling.setDaemon(true);
    cancelling.start();
  }

  /** Again and again, since the next job may just be starting. */
  private void cancelJobs() {
    if (!spark.isStopped()) {
      spark.cancelJobsWithTag(tag);
    }
  }

  private RuntimeException failed(Throwable cause) {
    if (reason != null) {
      reason.addSuppressed(cause);
      return reason;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof ConvoyException known) {
      return known;
    }
    if (spark.isStopped()) {
      return new ConvoyException(
          "Spark has stopped while %s: %s".formatted(what, firstLine(cause)), cause);
    }
    for (Throwable part = cause; part != null; part = part.getCause()) {
      if (Jobs.isCancelled(part)) {
        return new ConvoyException("Spark's job was cancelled: " + firstLine(part), cause);
      }
    }
    return cause instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(cause.getMessage(), cause);
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
