package org.convoyml.spark.data;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.convoyml.nn.ConvoyException;

/**
 * Does what must be done wholly although the thread that wants it may be interrupted. Some of
 * Spark's and Hadoop's calls then fail half-way, and some forget the interruption; here they run on
 * a thread that nobody interrupts, and the caller finds its own interruption afterwards.
 */
public final class Uninterrupted {
  /** How long work may go on when its caller was interrupted. */
  private static final long PATIENCE_SECONDS = 60;

  private Uninterrupted() {}

  /**
   * The result of some work.
   *
   * @param name of the thread
   * @throws ConvoyException if the caller is interrupted and the work does not end for a minute
   */
  public static <T> T get(String name, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    try {
      return result(task, thread);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw Jobs.unchecked((Exception) e.getCause());
    }
  }

  private static <T> T result(FutureTask<T> task, Thread thread) throws ExecutionException {
    try {
      return task.get();
    } catch (InterruptedException first) {
      try {
        return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException | TimeoutException e) {
        thread.interrupt();
        throw new ConvoyException("interrupted, and %s did not end".formatted(thread.getName()), e);
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same without a result. */
  public static void run(String name, Runnable work) {
    get(
        name,
        () -> {
          work.run();
          return null;
        });
  }

  /**
   * Waits for some work, but not for long: it goes on after that.
   *
   * @param name of the thread
   * @param millis how long to wait at most
   * @param work what is run
   * @param failed is told, on that thread, of an exception
   */
  static void attempt(
      String name, long millis, Runnable work, Thread.UncaughtExceptionHandler failed) {
    Thread thread = new Thread(work, name);
    thread.setUncaughtExceptionHandler(failed);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
