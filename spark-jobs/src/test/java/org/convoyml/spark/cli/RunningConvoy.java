package org.convoyml.spark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.convoyml.spark.cli.ConvoyProcess.Result;

/**
 * {@code scripts/convoy} at work: what it has said so far can be waited for, and it can be killed.
 */
public final class RunningConvoy implements AutoCloseable {
  private static final long POLL_MILLIS = 50;

  private final Process process;
  private final Duration silence;
  private final long start = System.nanoTime();
  private final Text out;
  private final Text err;

  RunningConvoy(Process process, Duration silence) {
    this.process = process;
    this.silence = silence;
    this.out = new Text(process.inputReader());
    this.err = new Text(process.errorReader());
  }

  /** The driver's number: the script becomes the driver. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until standard error has a match.
   *
   * @throws AssertionError if none comes in time
   */
  public void awaitErr(Pattern sign, Duration deadline) {
    if (!err.await(sign, deadline)) {
      throw new AssertionError(
          "standard error did not say '%s' within %s, but: %s"
              .formatted(sign, deadline, err.soFar()));
    }
  }

  /** Ends it as a crash would (SIGKILL), with all that it has started. */
  public Result kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    return await();
  }

  /**
   * Waits for its end, as long as it goes on saying something.
   *
   * @throws AssertionError if it says nothing for longer than it may
   */
  public Result await() {
    try {
      boolean hangs = false;
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) && !hangs) {
        long last = Math.max(out.lastNanos(), err.lastNanos());
        hangs = System.nanoTime() - last > silence.toNanos();
      }
      if (hangs) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Result result = new Result(process.exitValue(), out.all(), err.all(), took);
      if (hangs) {
        throw new AssertionError("convoy said nothing for %s: %s".formatted(silence, result));
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it if it still runs. */
  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /** What comes from a stream, read by a thread of its own so that nobody waits for a reader. */
  private static final class Text {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;
    private boolean ended;
    private long lastNanos = System.nanoTime();

    private Text(BufferedReader stream) {
      reader = new Thread(() -> read(stream), "output of convoy");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(BufferedReader stream) {
      char[] buffer = new char[4096];
      try (stream) {
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          add(buffer, count);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        add(buffer, -1);
      }
    }

    private void add(char[] buffer, int count) {
      lock.lock();
      try {
        ended = count < 0;
        lastNanos = System.nanoTime();
        text.append(buffer, 0, Math.max(0, count));
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private boolean await(Pattern sign, Duration deadline) {
      long nanos = deadline.toNanos();
      lock.lock();
      try {
        while (!sign.matcher(text).find()) {
          if (ended || nanos <= 0) {
            return false;
          }
          nanos = more.awaitNanos(nanos);
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } finally {
        lock.unlock();
      }
    }

    /** When something came last, or when it began. */
    private long lastNanos() {
      lock.lock();
      try {
        return lastNanos;
      } finally {
        lock.unlock();
      }
    }

    private String soFar() {
      lock.lock();
      try {
        return text.toString();
      } finally {
        lock.unlock();
      }
    }

    private String all() throws InterruptedException {
      reader.join();
      return soFar();
    }
  }
}
