package org.convoyml.spark.collective.transport;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.convoyml.spark.collective.Blocks;

/**
 * How the flat vector is dealt to members, and each one's slice is cut into chunks. Chunks count
 * from the end of a slice to its beginning, in the order in which gradients become final.
 */
final class Slices {
  /** Floats that are sent at once at most: 4 MB. */
  private static final int LARGEST_CHUNK = 1 << 20;

  /** Floats below which sending costs more than what it hides: 1 MB. */
  private static final int SMALLEST_CHUNK = 1 << 18;

  /** Into so many chunks a slice is cut if they are neither too large nor too small. */
  private static final int CHUNKS = 8;

  private final Membership membership;
  private final int chunk;
  private final int[] starts;

  Slices(Membership membership, int chunk) {
    this.membership = membership;
    this.chunk = chunk;
    this.starts =
        IntStream.range(0, membership.members())
            .flatMap(
                member ->
                    IntStream.range(0, chunks(member))
                        .map(number -> first(member, number))
                        .sorted())
            .toArray();
  }

  /** A chunk's floats, the same for all members of a group. */
  static int chunkOf(Membership membership) {
    long slice = membership.length() / membership.members();
    long blocks = (slice / CHUNKS + Blocks.SIZE - 1) / Blocks.SIZE;
    return (int) Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, blocks * Blocks.SIZE));
  }

  int chunk() {
    return chunk;
  }

  /** How many chunks of each subtree may be sent before the first is added: 16 MB, or a few. */
  int ahead() {
    return Math.max(4, 4 * LARGEST_CHUNK / chunk);
  }

  int from(int member) {
    return Blocks.firstOf(member, membership.members(), membership.length());
  }

  int to(int member) {
    return from(member + 1);
  }

  int chunks(int member) {
    return (int) (((long) to(member) - from(member) + chunk - 1) / chunk);
  }

  /** The first element of a member's chunk. */
  int first(int member, int number) {
    return from(member) + (chunks(member) - 1 - number) * chunk;
  }

  /** How many elements a member's chunk has. */
  int count(int member, int number) {
    return Math.min(chunk, to(member) - first(member, number));
  }

  /** How many elements a member's largest chunk has. */
  int largest(int member) {
    return Math.min(chunk, to(member) - from(member));
  }

  /** The number of a member's chunk that begins at an element; -1 if none does. */
  int numberOf(int member, int first) {
    int offset = first - from(member);
    return first < from(member) || first >= to(member) || offset % chunk != 0
        ? -1
        : chunks(member) - 1 - offset / chunk;
  }

  /** Whether any member's chunk begins within {@code [from, to)}. */
  boolean anyBeginsIn(int from, int to) {
    int found = Arrays.binarySearch(starts, from);
    int next = found < 0 ? -found - 1 : found;
    return next < starts.length && starts[next] < to;
  }
}
