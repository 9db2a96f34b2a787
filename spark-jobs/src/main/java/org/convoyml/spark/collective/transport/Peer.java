package org.convoyml.spark.collective.transport;

/**
 * A member of a group, and where the others reach it.
 *
 * @param member its number, from 0
 * @param executor id of the executor in which it runs
 * @param host where its executor listens
 * @param port of the same
 * @param lanes the lanes that it hosts, for messages
 */
public record Peer(int member, String executor, String host, int port, String lanes) {
  private static final String SEPARATOR = "\t";

  /** One line of text from which {@link #parse} makes the same peer. */
  public String toText() {
    return String.join(
        SEPARATOR, String.valueOf(member), executor, host, String.valueOf(port), lanes);
  }

  /** Reads what {@link #toText} has written. */
  public static Peer parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != 5) {
      throw new IllegalArgumentException("not a peer: '%s'".formatted(text));
    }
    return new Peer(
        Integer.parseInt(parts[0]), parts[1], parts[2], Integer.parseInt(parts[3]), parts[4]);
  }

  /** Whether both are reached at the same place, and so run in the same executor. */
  boolean isBeside(Peer other) {
    return port == other.port && host.equals(other.host) && executor.equals(other.executor);
  }

  /** For messages: everything that one needs to find it. */
  @Override
  public String toString() {
    return "worker %d (executor %s at %s:%d, %s)".formatted(member, executor, host, port, lanes);
  }
}
