package org.convoyml.spark.collective;

import java.util.List;

/** A sum over all members' subtrees that is being made. Belongs to the member's thread. */
public interface Reduction {
  /**
   * Elements {@code [from, to)} of all of this member's subtrees are final, and on their way to
   * their owner. Does not wait. Ranges come from the end of the vector to its beginning, without
   * gaps; they need not cover it.
   *
   * @throws org.convoyml.nn.ConvoyException if the group has failed
   */
  void ready(int from, int to);

  /**
   * All elements of this member's subtrees are final. Waits until those that it owns are summed,
   * and the others are on their way.
   *
   * @param mine the same subtrees, now with their figures
   * @return the sum of the figures of all lanes
   */
  Totals finish(List<Subtree> mine);
}
