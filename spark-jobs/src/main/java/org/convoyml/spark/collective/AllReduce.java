package org.convoyml.spark.collective;

import java.util.List;

/**
 * The members of a group add what they have and share what they own. Every member calls the same
 * methods in the same order, once a step. Belongs to one thread; close it.
 *
 * <p>Every wait ends: with the answer, or with an exception when a member failed, the task was
 * cancelled, or the deadline passed. It is a {@link WorkerLostException} if a member is gone.
 */
public interface AllReduce extends AutoCloseable {
  /** First element of the flat vector that this member owns. */
  int from();

  /** The element behind the last that this member owns. */
  int to();

  /**
   * Begins to add all members' subtrees in the lane tree, while their last gradients are still
   * computed. Does not wait; nothing else may begin before {@link Reduction#finish}.
   *
   * @param step for messages
   * @param mine subtrees in order of lanes, whose sums and figures may be still to come; what is
   *     final must not be changed before {@link #allGather} returns
   * @param sum its elements {@code [from, to)} receive the sum of what this member owns
   */
  Reduction beginReduce(long step, List<Subtree> mine, float[] sum);

  /**
   * Adds all members' subtrees in the lane tree, for the elements that this member owns: {@link
   * #beginReduce} and {@link Reduction#finish} at once.
   *
   * @param mine subtrees in order of lanes; they must not be changed before {@link #allGather}
   *     returns
   * @return the sum of the figures of all lanes
   */
  default Totals reduceScatter(long step, List<Subtree> mine, float[] sum) {
    return beginReduce(step, mine, sum).finish(mine);
  }

  /**
   * Completes a vector: each member has its own elements, afterwards all. When it returns, nobody
   * reads the vector any more.
   *
   * @param vector of the group's length
   */
  void allGather(long step, float[] vector);

  /**
   * Completes numbers in double precision, such as squared norms: each member has its own, {@code
   * [first, end)}, afterwards all.
   */
  void allGather(long step, double[] numbers, int first, int end);

  /** Tells the others that this member cannot go on, so that they need not wait for it. */
  void abort(Throwable reason);

  /** Leaves the group. */
  @Override
  void close();
}
