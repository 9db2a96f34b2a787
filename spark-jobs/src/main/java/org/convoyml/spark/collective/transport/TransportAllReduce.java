package org.convoyml.spark.collective.transport;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.Blocks;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Message.Abort;
import org.convoyml.spark.collective.transport.Message.Bye;
import org.convoyml.spark.collective.transport.Message.Credit;
import org.convoyml.spark.collective.transport.Message.Enter;
import org.convoyml.spark.collective.transport.Message.Entry;
import org.convoyml.spark.collective.transport.Message.Floats;
import org.convoyml.spark.collective.transport.Message.Kind;
import org.convoyml.spark.collective.transport.Message.Numbers;

/**
 * Members in several executors send each other slices of their vectors over Spark's network layer.
 *
 * <p>Who enters an operation tells the others, and thereby that it has room; they then send. So
 * floats never come before there is a place for them, nothing of a vector's size is allocated after
 * the first step, and no member can be more than one operation ahead of another.
 */
public final class TransportAllReduce implements AllReduce {
  /** Floats that one upload carries at most: 4 MB. */
  public static final int CHUNK = 1 << 20;

  private final Transport transport;
  private final boolean ownsTransport;
  private final Membership membership;
  private final Inbox inbox;
  private final int chunk;
  private final int from;
  private final int to;
  private final Links links;
  private final ChunkSums sums;
  private final boolean[] greeted;
  private long operation;
  private long waitingNanos;
  private long totalNanos;
  private boolean closed;

  private TransportAllReduce(
      Transport transport,
      boolean ownsTransport,
      Membership membership,
      Waiting waiting,
      int chunk) {
    this.transport = transport;
    this.ownsTransport = ownsTransport;
    this.membership = membership;
    this.inbox = new Inbox(membership, waiting, chunk);
    this.chunk = chunk;
    this.from = firstOf(membership.member());
    this.to = firstOf(membership.member() + 1);
    this.links = new Links(transport, inbox, chunk);
    this.greeted = new boolean[membership.members()];
    this.sums = new ChunkSums(from, to, chunk, membership.members());
  }

  /**
   * Joins a group.
   *
   * @param transport of this executor; stays open when the member leaves
   * @param meeting where all members come
   * @throws ConvoyException if not all come, or one cannot be reached
   */
  public static TransportAllReduce join(
      Transport transport, Membership membership, Meeting meeting, Waiting waiting) {
    return join(transport, membership, meeting, waiting, CHUNK);
  }

  static TransportAllReduce join(
      Transport transport, Membership membership, Meeting meeting, Waiting waiting, int chunk) {
    return join(transport, false, membership, meeting, waiting, chunk);
  }

  /** Joins a group from the task of an executor, whose members share a transport. */
  public static TransportAllReduce joinFromExecutor(
      Membership membership, Meeting meeting, Waiting waiting) {
    return join(Transport.ofExecutor(), true, membership, meeting, waiting, CHUNK);
  }

  private static TransportAllReduce join(
      Transport transport,
      boolean ownsTransport,
      Membership membership,
      Meeting meeting,
      Waiting waiting,
      int chunk) {
    TransportAllReduce joined =
        new TransportAllReduce(transport, ownsTransport, membership, waiting, chunk);
    try {
      transport.admit(joined.inbox);
      joined.links.connect(meeting, waiting);
      return joined;
    } catch (RuntimeException | Error e) {
      joined.abort(e);
      joined.leave();
      throw e;
    }
  }

  private int firstOf(int member) {
    return Blocks.firstOf(member, membership.members(), membership.length());
  }

  @Override
  public int from() {
    return from;
  }

  @Override
  public int to() {
    return to;
  }

  /** Time in all operations until the last of the others had come to the same one. */
  public Duration waitingTime() {
    return Duration.ofNanos(waitingNanos);
  }

  /** Time in all operations after that. */
  public Duration communicationTime() {
    return Duration.ofNanos(totalNanos - waitingNanos);
  }

  @Override
  public Totals reduceScatter(long step, List<Subtree> mine, float[] sum) {
    sums.begin();
    sums.setParts(membership.member(), mine, true);
    String what = enter(Kind.REDUCE, step, mine, sums);
    long start = System.nanoTime();
    long together = 0;
    int[] sentTo = new int[membership.members()];
    Totals totals = null;
    while (true) {
      long seen = inbox.changes();
      greet(Kind.REDUCE, step);
      boolean sentAll = sendSlices(mine, sentTo);
      if (totals == null && hasEntered().test(-1)) {
        together = System.nanoTime();
        totals = totals(step);
      }
      boolean added = totals != null && addChunk(sum);
      if (totals != null && sentAll && sums.chunksAdded() == sums.chunks()) {
        break;
      }
      if (!added) {
        inbox.awaitChange(seen, what, inbox.others(hasSent(sentTo)));
      }
    }
    inbox.end();
    account(start, together);
    return totals;
  }

  /** Tells all others; returns a name for messages. */
  private String enter(Kind kind, long step, List<Subtree> subtrees, Inbox.Reception reception) {
    inbox.throwIfFailed();
    operation++;
    inbox.begin(operation, reception);
    Arrays.fill(greeted, false);
    links.sendAll(new Enter(operation, kind, step, subtrees));
    return kind.at(step);
  }

  /** Takes notice of those who have come, all to the same. */
  private void greet(Kind kind, long step) {
    for (int member : links.others()) {
      Entry entry = inbox.entry(operation, member);
      if (greeted[member] || entry == null) {
        continue;
      }
      if (entry.kind() != kind || entry.step() != step) {
        throw inbox.fail(
            new ConvoyException(
                "%s: worker %d is at %s".formatted(kind.at(step), member, entry.what())));
      }
      greeted[member] = true;
      if (entry instanceof Enter enter && kind == Kind.REDUCE) {
        sums.setParts(member, enter.subtrees(), false);
      }
    }
  }

  /** Whether a member has entered this operation; of -1, whether all have. */
  private IntPredicate hasEntered() {
    return member -> {
      if (member >= 0) {
        return greeted[member];
      }
      for (int other : links.others()) {
        if (!greeted[other]) {
          return false;
        }
      }
      return true;
    };
  }

  /** Those who still owe something: their entry, room for what is sent to them, or floats. */
  private IntPredicate hasSent(int[] sentTo) {
    return member -> greeted[member] && sentTo[member] == chunksOf(member) && sums.hasSent(member);
  }

  private int chunksOf(int member) {
    return (firstOf(member + 1) - firstOf(member) + chunk - 1) / chunk;
  }

  /** Sends what the others have room for; returns whether that was all. */
  private boolean sendSlices(List<Subtree> mine, int[] sentTo) {
    boolean all = true;
    for (int member : links.others()) {
      int chunks = chunksOf(member);
      if (greeted[member]) {
        Credit credit = inbox.credit(operation, member);
        int room = credit == null ? Math.min(chunks, ChunkSums.AHEAD) : credit.chunks();
        if (room > chunks) {
          throw inbox.fail(
              new ConvoyException(
                  "worker %d has room for %d chunks of %d".formatted(member, room, chunks)));
        }
        for (; sentTo[member] < room; sentTo[member]++) {
          int first = firstOf(member) + sentTo[member] * chunk;
          int count = Math.min(chunk, firstOf(member + 1) - first);
          for (int part = 0; part < mine.size(); part++) {
            send(member, new Floats(operation, part, first, count), mine.get(part).sum());
          }
        }
      }
      all &= sentTo[member] == chunks;
    }
    return all;
  }

  private void send(int member, Floats floats, float[] vector) {
    inbox.sending();
    links.to(member).send(floats, vector);
  }

  /** The figures of all lanes, which must make up a whole tree. */
  private Totals totals(long step) {
    LaneTree tree = new LaneTree(0, 0);
    for (Subtree subtree : sums.subtrees()) {
      tree.add(new Subtree(subtree.firstLane(), subtree.lanes(), new float[0], subtree.totals()));
    }
    if (tree.subtrees().size() != 1) {
      throw new IllegalStateException(
          "step %d: the members' lanes do not make up a whole tree".formatted(step));
    }
    return tree.subtrees().get(0).totals();
  }

  /** Adds the next chunk if it is here; returns whether it was. */
  private boolean addChunk(float[] sum) {
    if (!sums.isNextHere()) {
      return false;
    }
    sums.add(sums.next(), sum);
    sums.added();
    int room = sums.chunksAdded() + ChunkSums.AHEAD;
    if (room <= sums.chunks()) {
      links.sendAll(new Credit(operation, room));
    }
    return true;
  }

  @Override
  public void allGather(long step, float[] vector) {
    VectorReception reception = new VectorReception(vector, membership);
    String what = enter(Kind.GATHER, step, List.of(), reception);
    long start = System.nanoTime();
    long together = 0;
    boolean[] served = new boolean[membership.members()];
    while (true) {
      long seen = inbox.changes();
      greet(Kind.GATHER, step);
      for (int member : links.others()) {
        if (greeted[member] && !served[member]) {
          served[member] = true;
          for (int first = from; first < to; first += chunk) {
            int count = Math.min(chunk, to - first);
            send(member, new Floats(operation, 0, first, count), vector);
          }
        }
      }
      boolean allHere = hasEntered().test(-1);
      if (allHere && together == 0) {
        together = System.nanoTime();
      }
      // All must have been written too, before the caller may change the vector.
      if (allHere && reception.isComplete() && inbox.allSent()) {
        break;
      }
      inbox.awaitChange(
          seen, what, inbox.others(member -> greeted[member] && reception.isComplete(member)));
    }
    inbox.end();
    account(start, together);
  }

  @Override
  public void allGather(long step, double[] numbers, int first, int end) {
    inbox.throwIfFailed();
    operation++;
    inbox.begin(operation, null);
    Arrays.fill(greeted, false);
    double[] own = Arrays.copyOfRange(numbers, first, end);
    links.sendAll(new Numbers(operation, step, first, own));
    long start = System.nanoTime();
    while (true) {
      long seen = inbox.changes();
      greet(Kind.NORMS, step);
      if (hasEntered().test(-1)) {
        break;
      }
      inbox.awaitChange(seen, Kind.NORMS.at(step), inbox.others(hasEntered()));
    }
    account(start, System.nanoTime());
    for (int member : links.others()) {
      take((Numbers) inbox.entry(operation, member), member, numbers);
    }
  }

  private void take(Numbers theirs, int member, double[] numbers) {
    if (theirs.first() < 0 || theirs.first() > numbers.length - theirs.values().length) {
      throw inbox.fail(
          new ConvoyException(
              "%s: worker %d sent %d numbers from %d, expected %d in all"
                  .formatted(
                      theirs.what(),
                      member,
                      theirs.values().length,
                      theirs.first(),
                      numbers.length)));
    }
    System.arraycopy(theirs.values(), 0, numbers, theirs.first(), theirs.values().length);
  }

  private void account(long start, long together) {
    waitingNanos += Math.max(0, together - start);
    totalNanos += System.nanoTime() - start;
  }

  @Override
  public void abort(Throwable reason) {
    ConvoyException told =
        reason instanceof ConvoyException expected
            ? expected
            : new ConvoyException(
                "worker %d failed: %s".formatted(membership.member(), reason), reason);
    // Also if another has told the reason: some may not have heard it before this one leaves.
    links.sendLast(Abort.because(inbox.fail(told)));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!inbox.hasFailed()) {
      links.sendLast(new Bye());
    }
    leave();
  }

  private void leave() {
    inbox.close();
    transport.dismiss(inbox);
    links.close();
    if (ownsTransport) {
      transport.close();
    }
  }
}
