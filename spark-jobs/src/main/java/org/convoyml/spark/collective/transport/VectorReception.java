package org.convoyml.spark.collective.transport;

import org.convoyml.spark.collective.Blocks;
import org.convoyml.spark.collective.transport.Message.Floats;

/** Receives each member's elements straight into a vector, from the first to the last. */
final class VectorReception implements Reception {
  private final float[] vector;
  private final Membership membership;

  /** The next element that is to begin to arrive, and the next behind those that are here. */
  private final int[] expected;

  private final int[] here;

  VectorReception(float[] vector, Membership membership) {
    if (vector.length != membership.length()) {
      throw new IllegalArgumentException(
          "expected %d elements, got %d".formatted(membership.length(), vector.length));
    }
    this.vector = vector;
    this.membership = membership;
    this.expected = new int[membership.members()];
    this.here = new int[membership.members()];
    for (int member = 0; member < here.length; member++) {
      expected[member] = firstOf(member == membership.member() ? member + 1 : member);
      here[member] = expected[member];
    }
  }

  private int firstOf(int member) {
    return Blocks.firstOf(member, membership.members(), membership.length());
  }

  @Override
  public synchronized Reception.Place placeFor(int sender, Floats floats) {
    if (floats.first() != expected[sender]
        || floats.count() < 1
        || floats.count() > firstOf(sender + 1) - floats.first()) {
      throw new IllegalStateException(
          "worker %d sent %s, expected from %d to %d"
              .formatted(sender, floats, expected[sender], firstOf(sender + 1)));
    }
    expected[sender] += floats.count();
    return new Reception.Place(vector, floats.first());
  }

  @Override
  public synchronized void arrived(int sender, Floats floats) {
    here[sender] += floats.count();
  }

  synchronized boolean isComplete(int sender) {
    return here[sender] == firstOf(sender + 1);
  }

  boolean isComplete() {
    for (int member = 0; member < here.length; member++) {
      if (!isComplete(member)) {
        return false;
      }
    }
    return true;
  }
}
