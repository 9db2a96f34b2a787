package org.convoyml.spark.collective;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.convoyml.nn.ConvoyException;

/** A barrier that members pass together, again and again, and that never holds one for ever. */
final class Rendezvous {
  private final IntFunction<String> names;
  private final boolean[] arrived;
  private int missing;
  private long generation;
  private ConvoyException failure;

  /**
   * @param names of members, for messages
   */
  Rendezvous(int members, IntFunction<String> names) {
    this.names = names;
    this.arrived = new boolean[members];
    this.missing = members;
  }

  /**
   * Waits until all members are here.
   *
   * @param what is being waited for, for messages
   * @throws ConvoyException if a member failed or was not there in time, which it names
   */
  synchronized void await(int member, String what, Waiting waiting) {
    throwIfFailed();
    arrived[member] = true;
    missing--;
    if (missing == 0) {
      Arrays.fill(arrived, false);
      missing = arrived.length;
      generation++;
      notifyAll();
      return;
    }
    long awaited = generation + 1;
    long end = System.nanoTime() + waiting.deadline().toNanos();
    while (generation < awaited) {
      throwIfFailed();
      if (waiting.isCancelled()) {
        throw fail(new ConvoyException("worker %d was cancelled at %s".formatted(member, what)));
      }
      if (System.nanoTime() - end >= 0) {
        throw fail(
            new ConvoyException(
                "%s: nothing came for %d s from %s"
                    .formatted(what, waiting.deadline().toSeconds(), absent())));
      }
      try {
        wait(Waiting.POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw fail(
            new ConvoyException("worker %d was interrupted at %s".formatted(member, what), e));
      }
    }
  }

  /** Lets nobody wait any longer. The first reason is the one that all are told. */
  synchronized void abort(int member, Throwable reason) {
    fail(
        reason instanceof ConvoyException expected
            ? expected
            : new ConvoyException("worker %d failed: %s".formatted(member, reason), reason));
  }

  private ConvoyException fail(ConvoyException reason) {
    if (failure == null) {
      failure = reason;
      notifyAll();
    }
    return failure;
  }

  private void throwIfFailed() {
    if (failure != null) {
      throw new ConvoyException(failure.getMessage(), failure);
    }
  }

  private String absent() {
    return IntStream.range(0, arrived.length)
        .filter(member -> !arrived[member])
        .mapToObj(names)
        .collect(joining(", "));
  }
}
