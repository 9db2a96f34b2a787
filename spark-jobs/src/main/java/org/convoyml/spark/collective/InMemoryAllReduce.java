package org.convoyml.spark.collective;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Members in one JVM read each other's arrays. */
public final class InMemoryAllReduce implements AllReduce {
  /**
   * Where members of one group find each other: only they know its name, and the last to leave
   * removes it.
   */
  private static final ConcurrentMap<String, Group> GROUPS = new ConcurrentHashMap<>();

  private final String groupName;
  private final Group group;
  private final int member;
  private final int from;
  private final int to;
  private final Waiting waiting;
  private boolean closed;

  private static final class Group {
    private final int length;
    private final Rendezvous rendezvous;
    private final List<Subtree>[] subtrees;
    private final float[][] vectors;
    private final Numbers[] numbers;
    private int present;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Group(int members, int length, IntFunction<String> names) {
      this.length = length;
      this.rendezvous = new Rendezvous(members, names);
      this.subtrees = new List[members];
      this.vectors = new float[members][];
      this.numbers = new Numbers[members];
    }
  }

  /** What a member owns of an array. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record Numbers(double[] all, int first, int end) {}

  private InMemoryAllReduce(
      String groupName, Group group, int member, int members, Waiting waiting) {
    this.groupName = groupName;
    this.group = group;
    this.member = member;
    this.from = Blocks.firstOf(member, members, group.length);
    this.to = Blocks.firstOf(member + 1, members, group.length);
    this.waiting = waiting;
  }

  /**
   * Joins a group.
   *
   * @param groupName the same for all members, and used once
   * @param member from 0
   * @param members how many the group has
   * @param length of the flat vector
   * @param names of members, for messages
   * @param waiting how to wait for the others
   */
  public static AllReduce join(
      String groupName,
      int member,
      int members,
      int length,
      IntFunction<String> names,
      Waiting waiting) {
    Group group =
        GROUPS.compute(
            groupName,
            (name, found) -> {
              Group joined = found == null ? new Group(members, length, names) : found;
              joined.present++;
              return joined;
            });
    return new InMemoryAllReduce(groupName, group, member, members, waiting);
  }

  @Override
  public int from() {
    return from;
  }

  @Override
  public int to() {
    return to;
  }

  /** Nothing is sent, so there is nothing to begin with. */
  @Override
  public Reduction beginReduce(long step, List<Subtree> unfinished, float[] sum) {
    return new Reduction() {
      @Override
      public void ready(int first, int end) {}

      @Override
      public Totals finish(List<Subtree> mine) {
        return reduce(step, mine, sum);
      }
    };
  }

  private Totals reduce(long step, List<Subtree> mine, float[] sum) {
    group.subtrees[member] = mine;
    group.rendezvous.await(member, "reduce of step " + step, waiting);
    List<Subtree> all =
        Stream.of(group.subtrees)
            .flatMap(List::stream)
            .sorted(Comparator.comparingInt(Subtree::firstLane))
            .toList();
    Totals totals = totals(all);
    LaneTree tree = new LaneTree(from, to);
    for (Subtree subtree : all) {
      // The others still read this array, and each changes only the elements that it owns.
      tree.add(subtree);
    }
    List<Subtree> root = tree.subtrees();
    if (root.size() != 1) {
      throw new IllegalStateException(
          "step %d: the members' lanes do not make up a whole tree".formatted(step));
    }
    System.arraycopy(root.get(0).sum(), from, sum, from, to - from);
    return totals;
  }

  private static Totals totals(List<Subtree> all) {
    LaneTree tree = new LaneTree(0, 0);
    for (Subtree subtree : all) {
      tree.add(subtree);
    }
    return tree.subtrees().get(0).totals();
  }

  @Override
  public void allGather(long step, float[] vector) {
    group.vectors[member] = vector;
    group.rendezvous.await(member, "gather of step " + step, waiting);
    int members = group.vectors.length;
    for (int other = 0; other < members; other++) {
      if (other != member) {
        int first = Blocks.firstOf(other, members, group.length);
        int end = Blocks.firstOf(other + 1, members, group.length);
        System.arraycopy(group.vectors[other], first, vector, first, end - first);
      }
    }
    // Whoever has copied may go on to change its vector, or gather another, only when all have.
    group.rendezvous.await(member, "end of gather of step " + step, waiting);
  }

  @Override
  public void allGather(long step, double[] numbers, int first, int end) {
    group.numbers[member] = new Numbers(numbers, first, end);
    group.rendezvous.await(member, "norms of step " + step, waiting);
    for (Numbers other : group.numbers) {
      if (other.all() != numbers) {
        System.arraycopy(
            other.all(), other.first(), numbers, other.first(), other.end() - other.first());
      }
    }
    // As for vectors: nobody measures again before all have copied.
    group.rendezvous.await(member, "end of norms of step " + step, waiting);
  }

  @Override
  public void abort(Throwable reason) {
    group.rendezvous.abort(member, reason);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    GROUPS.computeIfPresent(
        groupName,
        (name, found) -> {
          found.present--;
          return found.present == 0 ? null : found;
        });
  }
}
