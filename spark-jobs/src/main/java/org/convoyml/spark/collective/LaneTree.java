package org.convoyml.spark.collective;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Adds lanes in one fixed binary tree over their index, so that the bits of the sum do not depend
 * on who hosts which lane. Lanes come in ascending order; whenever the two sums added last are
 * siblings, the right one is added into the left. A worker with {@code L} lanes therefore holds at
 * most {@code ⌈log₂ L⌉ + 1} of them at once, and is left with the fewest whole subtrees that make
 * up its block.
 */
public final class LaneTree {
  private final int from;
  private final int to;
  private final Deque<Subtree> stack = new ArrayDeque<>();
  private final Deque<float[]> free = new ArrayDeque<>();

  /** Adds only elements {@code [from, to)} of the sums; the others are left as they come. */
  public LaneTree(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** A buffer for the next lane's gradient, used before if possible. */
  public float[] buffer() {
    float[] buffer = free.poll();
    return buffer == null ? new float[to] : buffer;
  }

  /** Adds the next lane. */
  public void add(int lane, float[] gradient, Totals totals) {
    add(new Subtree(lane, 1, gradient, totals));
  }

  /**
   * Adds the next subtree; its sum may be changed. Sums may begin at different places of the flat
   * vector, if they cover the elements that are added.
   */
  public void add(Subtree next) {
    Subtree last = next;
    while (!stack.isEmpty() && stack.peek().isLeftSiblingOf(last)) {
      Subtree left = stack.pop();
      addInto(left, last);
      free.push(last.sum());
      last =
          new Subtree(
              left.firstLane(),
              2 * left.lanes(),
              left.sum(),
              left.offset(),
              left.totals().plus(last.totals()));
    }
    stack.push(last);
  }

  /** The subtrees so far, in order of lanes. */
  public List<Subtree> subtrees() {
    List<Subtree> ascending = new ArrayList<>(stack);
    Collections.reverse(ascending);
    return ascending;
  }

  /** Starts the next step; the buffers are used again. */
  public void clear() {
    stack.forEach(subtree -> free.push(subtree.sum()));
    stack.clear();
  }

  /** The element-wise sum of the right child, in the left one's array. */
  private void addInto(Subtree left, Subtree right) {
    float[] sum = left.sum();
    float[] added = right.sum();
    int first = from - left.offset();
    int firstAdded = from - right.offset();
    for (int i = 0; i < to - from; i++) {
      sum[first + i] += added[firstAdded + i];
    }
  }
}
