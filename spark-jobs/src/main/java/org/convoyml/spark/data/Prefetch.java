package org.convoyml.spark.data;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContext$;
import org.convoyml.nn.ConvoyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a ring of buffers on a thread of its own, while the task works on an earlier one. The
 * thread sees the task's {@link TaskContext}, as Spark's iterators need it; what it throws comes
 * out of the iterator unchanged, after the buffers that were filled before.
 *
 * <p>Close it when the task completes, and before what the source reads from: {@link #close} waits
 * until the thread has ended, because a Spark iterator that is read after its task may touch memory
 * that is free already.
 *
 * @param <B> the buffers: one is valid until {@link #hasNext} or {@link #next} is called for
 *     another
 */
final class Prefetch<B> implements Iterator<B>, AutoCloseable {
  /** Where the buffers' contents come from. */
  interface Source<B> {
    /**
     * Fills one buffer. Ends early if its thread is interrupted.
     *
     * @return false, with nothing in the buffer, if there is no more
     */
    boolean fill(B buffer) throws Exception;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Prefetch.class);
  private static final long POLL_MILLIS = 100;

  private final List<B> ring;
  private final Source<B> source;
  private final TaskContext task;
  private final Thread thread;

  // Guarded by this.
  private long filled;
  private long released;
  private boolean ended;
  private boolean closed;
  private Throwable failure;

  /** Buffers that were taken, the last of which the reader may still hold; only he touches it. */
  private long taken;

  private B next;

  private Prefetch(List<B> ring, Source<B> source, TaskContext task) {
    this.ring = List.copyOf(ring);
    this.source = source;
    this.task = task;
    this.thread = new Thread(this::run, "prefetch of " + Thread.currentThread().getName());
    thread.setDaemon(true);
  }

  /**
   * Starts filling.
   *
   * @param ring at least two, so that one can be filled while another is read
   */
  static <B> Prefetch<B> start(List<B> ring, Source<B> source, TaskContext task) {
    if (ring.size() < 2) {
      throw new IllegalArgumentException("expected at least two buffers, got " + ring.size());
    }
    Prefetch<B> prefetch = new Prefetch<>(ring, source, task);
    prefetch.thread.start();
    return prefetch;
  }

  private void run() {
    TaskContext$.MODULE$.setTaskContext(task);
    Throwable thrown = null;
    try {
      long count = 0;
      while (awaitFree() && source.fill(ring.get((int) (count % ring.size())))) {
        count++;
        published();
      }
    } catch (Throwable e) {
      thrown = e;
    } finally {
      TaskContext$.MODULE$.unset();
      end(thrown);
    }
  }

  /** Returns false if nobody wants more. */
  private synchronized boolean awaitFree() throws InterruptedException {
    while (!closed && filled - released == ring.size()) {
      wait();
    }
    return !closed;
  }

  private synchronized void published() {
    filled++;
    notifyAll();
  }

  private synchronized void end(Throwable thrown) {
    if (closed && thrown != null) {
      LOG.debug("ended by close", thrown);
    }
    failure = thrown;
    ended = true;
    notifyAll();
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = take();
    }
    return next != null;
  }

  @Override
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    B result = next;
    next = null;
    return result;
  }

  /** Gives back the buffer before, and waits for another; null if there is no more. */
  private synchronized B take() {
    released = taken;
    notifyAll();
    while (filled == taken && !ended) {
      task.killTaskIfInterrupted();
      try {
        wait(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        task.killTaskIfInterrupted();
        throw new ConvoyException("interrupted while waiting for images", e);
      }
    }
    if (filled > taken) {
      return ring.get((int) (taken++ % ring.size()));
    }
    if (failure != null) {
      throw Prefetch.<RuntimeException>unchanged(failure);
    }
    return null;
  }

  /**
   * Scala's exceptions are checked ones that no signature mentions, and Spark looks at their types:
   * wrapped, a lost shuffle file would not be computed again.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchanged(Throwable failure) throws T {
    throw (T) failure;
  }

  /** Stops the thread, whatever it is waiting for, and waits until it has ended. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // A task that is being killed must wait all the same.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
