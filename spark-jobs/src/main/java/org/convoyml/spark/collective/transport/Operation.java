package org.convoyml.spark.collective.transport;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.transport.Message.Entry;
import org.convoyml.spark.collective.transport.Message.Kind;

/** What a member does at the moment: who else has come to it, and how long it takes. */
final class Operation {
  private final Inbox inbox;
  private final int[] others;
  private final boolean[] here;
  private long number;
  private Kind kind;
  private long step;
  private int missing;
  private long waitingNanos;
  private long communicationNanos;

  Operation(Inbox inbox, int[] others) {
    this.inbox = inbox;
    this.others = others;
    this.here = new boolean[inbox.membership().members()];
  }

  /**
   * Begins the next one.
   *
   * @param reception of the floats that it needs; null if it needs none
   * @throws ConvoyException if the group has failed
   */
  void begin(Kind next, long ofStep, Reception reception) {
    inbox.throwIfFailed();
    number++;
    kind = next;
    step = ofStep;
    missing = others.length;
    Arrays.fill(here, false);
    inbox.begin(number, reception);
  }

  long number() {
    return number;
  }

  /** Takes notice of those who have come, all to the same. */
  void greet(ObjIntConsumer<Entry> newcomer) {
    for (int member : others) {
      Entry entry = here[member] ? null : inbox.entry(number, member);
      if (entry == null) {
        continue;
      }
      if (entry.kind() != kind || entry.step() != step) {
        throw fail("worker %d is at %s".formatted(member, entry.what()));
      }
      here[member] = true;
      missing--;
      newcomer.accept(entry, member);
    }
  }

  boolean isHere(int member) {
    return here[member];
  }

  boolean areAllHere() {
    return missing == 0;
  }

  /** Waits until there are more changes than that, from those who are awaited. */
  void await(long seen, List<Integer> awaited) {
    inbox.awaitChange(seen, kind.at(step), awaited);
  }

  /** Lets the group fail, in this operation. */
  ConvoyException fail(String why) {
    return inbox.fail(new ConvoyException("%s: %s".formatted(kind.at(step), why)));
  }

  /** Of the time that has passed, some was spent on waiting for those who were not there. */
  void account(long nanos, long waiting) {
    waitingNanos += waiting;
    communicationNanos += nanos - waiting;
  }

  Duration waitingTime() {
    return Duration.ofNanos(waitingNanos);
  }

  Duration communicationTime() {
    return Duration.ofNanos(communicationNanos);
  }
}
