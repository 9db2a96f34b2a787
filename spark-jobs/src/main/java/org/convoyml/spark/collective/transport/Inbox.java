package org.convoyml.spark.collective.transport;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.WorkerLostException;
import org.convoyml.spark.collective.transport.Message.Abort;
import org.convoyml.spark.collective.transport.Message.Bye;
import org.convoyml.spark.collective.transport.Message.Credit;
import org.convoyml.spark.collective.transport.Message.Enter;
import org.convoyml.spark.collective.transport.Message.Entry;
import org.convoyml.spark.collective.transport.Message.Figures;
import org.convoyml.spark.collective.transport.Message.Floats;
import org.convoyml.spark.collective.transport.Message.Hello;
import org.convoyml.spark.collective.transport.Message.Ready;

/**
 * What has come for one member. Threads of the network put it here, the member's own thread takes
 * it; every change wakes that thread. An operation ends only when all have entered it. So another
 * member may be one operation ahead, never two, and two places for each are enough.
 *
 * <p>What comes at the wrong time, or twice, is refused. So what can come in an operation is
 * finite, and a wait that begins again with whatever comes does not last for ever.
 */
final class Inbox {
  private final Membership membership;
  private final Waiting waiting;
  private final int chunk;
  private final Entry[][] entries;
  private final Figures[][] figures;
  private final Credit[] credits;

  /** The last operation that each has come to. */
  private final long[] operations;

  private final boolean[] connected;
  private final boolean[] ready;
  private final boolean[] left;
  private List<Peer> peers = List.of();
  private Reception reception;
  private long operation;

  /** How often floats are on their way to each, and to all. */
  private final int[] unsentTo;

  private int unsent;
  private long changes;
  private ConvoyException failure;
  private boolean closed;

  Inbox(Membership membership, Waiting waiting, int chunk) {
    this.membership = membership;
    this.waiting = waiting;
    this.chunk = chunk;
    this.entries = new Entry[2][membership.members()];
    this.figures = new Figures[2][membership.members()];
    this.credits = new Credit[membership.members()];
    this.operations = new long[membership.members()];
    this.connected = new boolean[membership.members()];
    this.ready = new boolean[membership.members()];
    this.left = new boolean[membership.members()];
    this.unsentTo = new int[membership.members()];
  }

  Membership membership() {
    return membership;
  }

  synchronized void knows(List<Peer> all) {
    peers = all;
  }

  /**
   * Whether a connection may begin.
   *
   * @return why not; empty if it may
   */
  synchronized String refusal(Hello hello) {
    if (hello.members() != membership.members() || hello.length() != membership.length()) {
      return "expected %d members and %d elements, worker %d has %d and %d"
          .formatted(
              membership.members(),
              membership.length(),
              hello.from(),
              hello.members(),
              hello.length());
    }
    if (hello.chunk() != chunk) {
      return "expected chunks of %d floats, worker %d sends %d"
          .formatted(chunk, hello.from(), hello.chunk());
    }
    if (hello.from() < 0
        || hello.from() >= membership.members()
        || hello.from() == membership.member()) {
      return "worker %d is none of the others".formatted(hello.from());
    }
    if (connected[hello.from()]) {
      return "worker %d is connected already".formatted(hello.from());
    }
    return "";
  }

  /** Another member has a link to this one. */
  synchronized void connected(int from) {
    connected[from] = true;
    changed();
  }

  /** This member has a link to another. */
  synchronized void linked() {
    changed();
  }

  synchronized boolean isConnected(int from) {
    return connected[from];
  }

  synchronized boolean isReady(int member) {
    return ready[member];
  }

  /**
   * A message from another member.
   *
   * @throws IllegalStateException if it must not send that now
   */
  synchronized void take(int from, Message message) {
    if (closed || failure != null) {
      return;
    }
    if (message instanceof Entry entry) {
      hasComeTo(from, entry.operation());
      entries[(int) (entry.operation() % 2)][from] = entry;
    } else if (message instanceof Figures own) {
      check(
          entry(own.operation(), from) instanceof Enter enter
              && own.totals().size() == enter.subtrees().size()
              && figures(own.operation(), from) == null,
          message);
      figures[(int) (own.operation() % 2)][from] = own;
    } else if (message instanceof Credit credit) {
      Credit before = credit(operation, from);
      check(
          credit.operation() == operation
              && credit.chunks() > (before == null ? 0 : before.chunks()),
          message);
      credits[from] = credit;
    } else if (message instanceof Abort abort) {
      fail(abort.toException());
    } else if (message instanceof Ready) {
      check(!ready[from], message);
      ready[from] = true;
    } else if (message instanceof Bye) {
      left[from] = true;
    } else {
      check(false, message);
    }
    changed();
  }

  private void hasComeTo(int from, long next) {
    if (next != operations[from] + 1 || next > operation + 1) {
      throw new IllegalStateException(
          "worker %d came to operation %d after %d, in operation %d of worker %d"
              .formatted(from, next, operations[from], operation, membership.member()));
    }
    operations[from] = next;
  }

  private void check(boolean expected, Object sent) {
    if (!expected) {
      throw new IllegalStateException(
          "unexpected %s in operation %d of worker %d"
              .formatted(sent, operation, membership.member()));
    }
  }

  /**
   * Where floats that are about to arrive go; null if nobody wants them any more.
   *
   * @throws IllegalStateException if the other must not send these now
   */
  synchronized Reception.Place placeFor(int from, Floats floats) {
    if (closed || failure != null) {
      return null;
    }
    check(
        reception != null
            && floats.operation() == operation
            && entry(operation, from) instanceof Enter enter
            && floats.part() >= 0
            && floats.part() < enter.parts(),
        floats);
    return reception.placeFor(from, floats);
  }

  synchronized void arrived(int from, Floats floats) {
    if (reception != null) {
      reception.arrived(from, floats);
      changed();
    }
  }

  /** Floats are about to be sent to another member. */
  synchronized void sending(int to) {
    unsent++;
    unsentTo[to]++;
  }

  /** Floats to another member were written, or never will be. */
  synchronized void sent(int to) {
    unsent--;
    unsentTo[to]--;
    if (unsent == 0) {
      changed(); // nobody waits for less
    }
  }

  synchronized boolean allSent() {
    return unsent == 0;
  }

  /** The member comes to its next operation, of which floats go there; null if it has none. */
  synchronized void begin(long next, Reception into) {
    operation = next;
    reception = into;
  }

  /** No more floats are expected. */
  synchronized void end() {
    reception = null;
  }

  /**
   * A connection with another member has ended; that matters unless it had said goodbye.
   *
   * @param cause null if it was just closed; if it is no IOException, one end has made a mistake
   */
  synchronized void disconnected(int from, Throwable cause) {
    if (left[from]) {
      return;
    }
    if (cause == null || cause instanceof IOException) {
      String why = cause == null ? "its connection closed" : cause.getMessage();
      fail(new WorkerLostException("%s is gone: %s".formatted(name(from), why), cause));
    } else {
      // What the other end threw comes as a text with all of its stack.
      String why = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      fail(new ConvoyException("connection with %s: %s".formatted(name(from), why), cause));
    }
  }

  /** Lets nobody wait any longer. The first reason is the one that counts. */
  synchronized ConvoyException fail(ConvoyException reason) {
    if (failure == null && !closed) {
      failure = reason;
      changed();
    }
    return failure == null ? reason : failure;
  }

  synchronized boolean hasFailed() {
    return failure != null;
  }

  /** What happens from now on matters to nobody. */
  synchronized void close() {
    closed = true;
    reception = null;
  }

  /** How another member has come to an operation; null if it has not. */
  synchronized Entry entry(long operation, int member) {
    Entry entry = entries[(int) (operation & 1)][member];
    return entry != null && entry.operation() == operation ? entry : null;
  }

  /** The figures of what another member has added in an operation; null if they have not come. */
  synchronized Figures figures(long operation, int member) {
    Figures own = figures[(int) (operation & 1)][member];
    return own != null && own.operation() == operation ? own : null;
  }

  /** What another member has room for in an operation; null if it has not said. */
  synchronized Credit credit(long operation, int member) {
    Credit credit = credits[member];
    return credit != null && credit.operation() == operation ? credit : null;
  }

  /** Counts changes, so that none is missed between looking and waiting. */
  synchronized long changes() {
    return changes;
  }

  /** The others for which something does not hold. */
  List<Integer> others(IntPredicate without) {
    return IntStream.range(0, membership.members())
        .filter(member -> member != membership.member() && !without.test(member))
        .boxed()
        .toList();
  }

  /**
   * Waits until there are more changes than that.
   *
   * @param what is being done, for messages
   * @param awaited those without whom it does not go on, for messages
   * @throws ConvoyException if the group has failed, the task was cancelled, or nothing came until
   *     the deadline
   */
  synchronized void awaitChange(long seen, String what, List<Integer> awaited) {
    long end = System.nanoTime() + waiting.deadline().toNanos();
    while (true) {
      throwIfFailed();
      if (changes != seen) {
        return;
      }
      for (int member : awaited) {
        if (left[member]) {
          throw fail(new WorkerLostException("%s: %s has left".formatted(what, name(member))));
        }
      }
      if (waiting.isCancelled()) {
        throw fail(
            new WorkerLostException(
                "worker %d was cancelled at %s".formatted(membership.member(), what)));
      }
      if (System.nanoTime() - end >= 0) {
        throw fail(
            new ConvoyException(
                "%s: nothing came for %d s from %s"
                    .formatted(what, waiting.deadline().toSeconds(), debtors(awaited))));
      }
      try {
        wait(Waiting.POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw fail(
            new WorkerLostException(
                "worker %d was interrupted at %s".formatted(membership.member(), what), e));
      }
    }
  }

  /** Waits a while until all others have said goodbye, or the group has failed. */
  synchronized void awaitGoodbyes(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (failure == null
        && !others(member -> left[member]).isEmpty()
        && System.nanoTime() - end < 0) {
      try {
        wait(Waiting.POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  synchronized void throwIfFailed() {
    if (failure instanceof WorkerLostException) {
      throw new WorkerLostException(failure.getMessage(), failure);
    }
    if (failure != null) {
      throw new ConvoyException(failure.getMessage(), failure);
    }
  }

  /** Those who owe something, and those who do not take what they are sent. */
  private String debtors(List<Integer> awaited) {
    return others(member -> !awaited.contains(member) && unsentTo[member] == 0).stream()
        .map(this::name)
        .collect(joining(", "));
  }

  private String name(int member) {
    return member < peers.size() ? peers.get(member).toString() : "worker " + member;
  }

  private void changed() {
    changes++;
    notifyAll();
  }
}
