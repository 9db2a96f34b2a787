package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.TaskKilledException;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefetchTest {
  private final TaskContextImpl task = TaskContext$.MODULE$.empty();

  @Test
  void everythingComesOnceAndInOrder() {
    AtomicInteger count = new AtomicInteger();
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(3),
            buffer -> {
              buffer[0] = count.getAndIncrement();
              return buffer[0] < 1000;
            },
            task)) {
      List<Integer> seen = new ArrayList<>();
      prefetch.forEachRemaining(buffer -> seen.add(buffer[0]));
      assertThat(seen).hasSize(1000).isSorted().doesNotHaveDuplicates();
      assertThat(prefetch.hasNext()).isFalse();
    }
  }

  @Test
  void itStaysAheadByTheRingAndNoMore() throws InterruptedException {
    AtomicInteger started = new AtomicInteger();
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch ahead = new CountDownLatch(3);
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              thread.set(Thread.currentThread());
              buffer[0] = started.getAndIncrement();
              ahead.countDown();
              return true;
            },
            task)) {
      // Two fill the ring; the first is taken, which frees nothing, and given back for the second.
      int[] first = prefetch.next();
      assertThat(first[0]).isZero();
      int[] second = prefetch.next();
      assertThat(second).isNotSameAs(first);
      ahead.await();
      // It waits for a free buffer, so it will start no more by itself.
      while (thread.get().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(started.get()).isEqualTo(3);
      assertThat(second[0]).as("the buffer being read is left alone").isEqualTo(1);
    }
  }

  @Test
  void whatTheSourceThrowsComesOutUnchangedAfterWhatCameBefore() {
    IOException failure = new IOException("lost shuffle file");
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              if (buffer[0]++ == 1) {
                throw failure;
              }
              return true;
            },
            task)) {
      prefetch.next();
      prefetch.next();
      assertThatThrownBy(prefetch::next).isSameAs(failure);
      assertThatThrownBy(prefetch::hasNext).as("again").isSameAs(failure);
    }
  }

  @Test
  void anErrorInTheSourceIsNoHang() {
    Error failure = new OutOfMemoryError("native");
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              throw failure;
            },
            task)) {
      assertThatThrownBy(prefetch::hasNext).isSameAs(failure);
    }
  }

  @Test
  void itsThreadKnowsTheTask() {
    AtomicReference<TaskContext> seen = new AtomicReference<>();
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              seen.set(TaskContext.get());
              return false;
            },
            task)) {
      assertThat(prefetch.hasNext()).isFalse();
    }
    assertThat(seen.get()).isSameAs(task);
  }

  @Test
  void closingWhileFullEndsTheThread() throws InterruptedException {
    CountDownLatch full = new CountDownLatch(2);
    AtomicReference<Thread> thread = new AtomicReference<>();
    Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              thread.set(Thread.currentThread());
              full.countDown();
              return true;
            },
            task);
    full.await();
    prefetch.close();
    assertThat(thread.get().isAlive()).isFalse();
  }

  @Test
  void closingWhileTheSourceWaitsEndsTheThread() throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              thread.set(Thread.currentThread());
              waiting.countDown();
              new CountDownLatch(1).await();
              return true;
            },
            task);
    waiting.await();
    prefetch.close();
    assertThat(thread.get().isAlive()).isFalse();
  }

  @Test
  void closingWaitsUntilTheSourceIsDone() throws InterruptedException {
    CountDownLatch working = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              working.countDown();
              long end = System.nanoTime() + 200_000_000L;
              while (System.nanoTime() < end) {
                Thread.onSpinWait(); // as native code does, deaf to interruption
              }
              done.incrementAndGet();
              return true;
            },
            task);
    working.await();
    Thread.currentThread().interrupt();
    prefetch.close();
    assertThat(done.get()).isEqualTo(1);
    assertThat(Thread.interrupted()).as("the interruption is not lost").isTrue();
  }

  @Test
  void aKilledTaskDoesNotWaitForImages() {
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              new CountDownLatch(1).await();
              return true;
            },
            task)) {
      task.markInterrupted("stage cancelled");
      assertThatExceptionOfType(TaskKilledException.class).isThrownBy(prefetch::hasNext);
    }
  }

  @Test
  void anInterruptedTaskDoesNotWaitForImages() {
    try (Prefetch<int[]> prefetch =
        Prefetch.start(
            ring(2),
            buffer -> {
              new CountDownLatch(1).await();
              return true;
            },
            task)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(ConvoyException.class)
          .isThrownBy(prefetch::hasNext)
          .withMessage("interrupted while waiting for images");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static List<int[]> ring(int size) {
    List<int[]> ring = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ring.add(new int[1]);
    }
    return ring;
  }
}
