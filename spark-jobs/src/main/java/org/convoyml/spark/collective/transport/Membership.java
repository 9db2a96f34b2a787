package org.convoyml.spark.collective.transport;

/**
 * Which place in which group a member takes.
 *
 * @param group the same for all members, and used once: it names the round and its attempt
 * @param member from 0
 * @param members how many the group has
 * @param length of the flat vector
 * @param lanes the lanes that this member hosts, for messages
 */
public record Membership(String group, int member, int members, int length, String lanes) {
  public Membership {
    if (members < 1 || member < 0 || member >= members) {
      throw new IllegalArgumentException("member %d of %d".formatted(member, members));
    }
    if (length < 1) {
      throw new IllegalArgumentException("expected a vector, got length " + length);
    }
  }
}
