package org.convoyml.spark.collective;

/**
 * The sum over the lanes of one node of the lane tree.
 *
 * @param firstLane its first lane, a multiple of {@code lanes}
 * @param lanes how many it spans, a power of two
 * @param sum the sum of their gradients, or a part of it
 * @param offset place in the flat vector of the first element of {@code sum}
 * @param totals the sum of their figures
 */
public record Subtree(int firstLane, int lanes, float[] sum, int offset, Totals totals) {
  public Subtree {
    if (Integer.bitCount(lanes) != 1 || firstLane < 0 || firstLane % lanes != 0) {
      throw new IllegalArgumentException(
          "no node of the lane tree has lanes [%d, %d)".formatted(firstLane, firstLane + lanes));
    }
  }

  /** With a sum of the whole flat vector. */
  public Subtree(int firstLane, int lanes, float[] sum, Totals totals) {
    this(firstLane, lanes, sum, 0, totals);
  }

  /** Whether the other is the right child of the same parent, of which this is the left. */
  boolean isLeftSiblingOf(Subtree other) {
    return lanes == other.lanes
        && firstLane % (2 * lanes) == 0
        && other.firstLane == firstLane + lanes;
  }
}
