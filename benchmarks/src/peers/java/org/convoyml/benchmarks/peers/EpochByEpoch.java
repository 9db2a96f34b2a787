package org.convoyml.benchmarks.peers;

import java.util.concurrent.CancellationException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.convoyml.spark.train.EpochReport;
import org.convoyml.spark.train.Trainer;
import org.convoyml.spark.train.TrainingJob;
import org.convoyml.spark.train.TrainingListener;
import org.convoyml.spark.train.TrainingPlan;

/**
 * A training that stands still before each epoch until it is told to go on. It is closed before its
 * session is.
 */
final class EpochByEpoch implements TrainingListener, AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private enum Order {
    NEXT_EPOCH,
    END
  }

  private final SynchronousQueue<Order> orders = new SynchronousQueue<>();
  private final SynchronousQueue<EpochReport> ended = new SynchronousQueue<>();
  private final Thread thread;
  private volatile Throwable failure;

  /** Begins it, and does not wait. */
  EpochByEpoch(Trainer trainer, TrainingJob job) {
    thread = new Thread(() -> trainer.train(job, this), "training");
    thread.setUncaughtExceptionHandler((unused, e) -> failure = e);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Trains one epoch.
   *
   * @throws IllegalStateException if training has failed, or there are no more epochs
   */
  void next() {
    try {
      while (!orders.offer(Order.NEXT_EPOCH, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        checkAlive();
      }
      while (ended.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS) == null) {
        checkAlive();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void checkAlive() {
    if (!thread.isAlive()) {
      throw new IllegalStateException("training has ended", failure);
    }
  }

  /** Ends it, after the epoch in which it may be, and waits until it has cleaned up. */
  @Override
  public void close() {
    try {
      while (thread.isAlive()) {
        orders.offer(Order.END, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        ended.poll();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted between two epochs", e);
  }

  @Override
  public void planned(TrainingPlan plan) {
    awaitOrder();
  }

  @Override
  public void epochEnded(EpochReport report) {
    try {
      ended.put(report);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    awaitOrder();
  }

  private void awaitOrder() {
    try {
      if (orders.take() == Order.END) {
        throw new CancellationException("no more epochs are wanted");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }
}
