package org.convoyml.spark.collective.transport;

import org.convoyml.spark.collective.Blocks;
import org.convoyml.spark.collective.transport.Message.Floats;

/** Receives each member's elements straight into a vector. */
final class VectorReception implements Inbox.Reception {
  private final float[] vector;
  private final Membership membership;
  private final int[] missing;

  VectorReception(float[] vector, Membership membership) {
    if (vector.length != membership.length()) {
      throw new IllegalArgumentException(
          "expected %d elements, got %d".formatted(membership.length(), vector.length));
    }
    this.vector = vector;
    this.membership = membership;
    this.missing = new int[membership.members()];
    for (int member = 0; member < missing.length; member++) {
      missing[member] = member == membership.member() ? 0 : firstOf(member + 1) - firstOf(member);
    }
  }

  private int firstOf(int member) {
    return Blocks.firstOf(member, membership.members(), membership.length());
  }

  @Override
  public Inbox.Place placeFor(int sender, Floats floats) {
    if (floats.first() < firstOf(sender)
        || floats.count() < 1
        || floats.count() > firstOf(sender + 1) - floats.first()) {
      throw new IllegalStateException(
          "worker %d sent %s, expected from %d to %d"
              .formatted(sender, floats, firstOf(sender), firstOf(sender + 1)));
    }
    return new Inbox.Place(vector, floats.first());
  }

  @Override
  public synchronized void arrived(int sender, Floats floats) {
    missing[sender] -= floats.count();
  }

  synchronized boolean isComplete(int sender) {
    return missing[sender] == 0;
  }

  boolean isComplete() {
    for (int member = 0; member < missing.length; member++) {
      if (!isComplete(member)) {
        return false;
      }
    }
    return true;
  }
}
