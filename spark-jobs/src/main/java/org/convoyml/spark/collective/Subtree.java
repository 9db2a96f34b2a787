package org.convoyml.spark.collective;

/**
 * The sum over the lanes of one node of the lane tree.
 *
 * @param firstLane its first lane, a multiple of {@code lanes}
 * @param lanes how many it spans, a power of two
 * @param sum the sum of their gradients
 * @param totals the sum of their figures
 */
public record Subtree(int firstLane, int lanes, float[] sum, Totals totals) {
  public Subtree {
    if (Integer.bitCount(lanes) != 1 || firstLane < 0 || firstLane % lanes != 0) {
      throw new IllegalArgumentException(
          "no node of the lane tree has lanes [%d, %d)".formatted(firstLane, firstLane + lanes));
    }
  }

  /** Whether the other is the right child of the same parent, of which this is the left. */
  boolean isLeftSiblingOf(Subtree other) {
    return lanes == other.lanes
        && firstLane % (2 * lanes) == 0
        && other.firstLane == firstLane + lanes;
  }
}
