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
 *
 * <p>A lane is added at once, or range by range while its gradient is computed: {@link #begin},
 * {@link #ready} for each range, {@link #end}.
 */
public final class LaneTree {
  private final int from;
  private final int to;
  private final Deque<Subtree> stack = new ArrayDeque<>();
  private final Deque<float[]> free = new ArrayDeque<>();

  /** The additions that the newest subtree makes possible, in their order. */
  private final List<Addition> additions = new ArrayList<>();

  /** Of the right child into the left one's array. */
  private record Addition(Subtree left, Subtree right) {}

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
    begin(next);
    ready(from, to);
    end(next.totals());
  }

  /** Gives the next lane its place in the tree; its gradient is still to come. */
  public void begin(int lane, float[] gradient) {
    begin(new Subtree(lane, 1, gradient, Totals.NONE));
  }

  private void begin(Subtree next) {
    Subtree last = next;
    while (!stack.isEmpty() && stack.peek().isLeftSiblingOf(last)) {
      Subtree left = stack.pop();
      additions.add(new Addition(left, last));
      last =
          new Subtree(left.firstLane(), 2 * left.lanes(), left.sum(), left.offset(), left.totals());
    }
    stack.push(last);
  }

  /**
   * Elements {@code [first, end)} of the lane that has begun are final. Afterwards those of all
   * {@link #subtrees} are.
   */
  public void ready(int first, int end) {
    for (int i = 0; i < additions.size(); i++) {
      add(additions.get(i), Math.max(first, from), Math.min(end, to));
    }
  }

  private static void add(Addition addition, int first, int end) {
    float[] sum = addition.left().sum();
    float[] added = addition.right().sum();
    int firstOfSum = first - addition.left().offset();
    int firstAdded = first - addition.right().offset();
    for (int i = 0; i < end - first; i++) {
      sum[firstOfSum + i] += added[firstAdded + i];
    }
  }

  /** All elements of the lane that has begun have been ready. */
  public void end(Totals totals) {
    Totals sum = totals;
    for (Addition addition : additions) {
      sum = addition.left().totals().plus(sum);
      free.push(addition.right().sum());
    }
    additions.clear();
    Subtree last = stack.pop();
    stack.push(new Subtree(last.firstLane(), last.lanes(), last.sum(), last.offset(), sum));
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
}
