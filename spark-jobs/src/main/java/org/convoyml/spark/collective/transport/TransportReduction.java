package org.convoyml.spark.collective.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.transport.Message.Credit;
import org.convoyml.spark.collective.transport.Message.Enter;
import org.convoyml.spark.collective.transport.Message.Entry;
import org.convoyml.spark.collective.transport.Message.Figures;
import org.convoyml.spark.collective.transport.Message.Floats;
import org.convoyml.spark.collective.transport.Message.Kind;

/**
 * A member's part in a sum: it sends chunks to their owners as soon as they are final and there is
 * room, and adds its own chunks as soon as all others' parts of them are here. One object serves
 * all steps.
 */
final class TransportReduction implements Reduction {
  private final Operation operation;
  private final Inbox inbox;
  private final Links links;
  private final Slices slices;
  private final int member;
  private final ChunkSums sums;

  /** By member, how many of its chunks were sent to it. */
  private final int[] sentTo;

  private long step;
  private List<Subtree> mine = List.of();
  private float[] sum;

  /** The first element that is final, with all behind it. */
  private int finalFrom;

  /** What has come was taken notice of up to this change. */
  private long seen;

  private boolean isWhole;

  TransportReduction(Operation operation, Inbox inbox, Links links, Slices slices) {
    this.operation = operation;
    this.inbox = inbox;
    this.links = links;
    this.slices = slices;
    this.member = inbox.membership().member();
    this.sums = new ChunkSums(slices, member, inbox.membership().members());
    this.sentTo = new int[inbox.membership().members()];
  }

  /** Tells the others, and thereby that there is room. */
  Reduction begin(long ofStep, List<Subtree> subtrees, float[] into) {
    long start = System.nanoTime();
    step = ofStep;
    mine = subtrees;
    sum = into;
    finalFrom = inbox.membership().length();
    isWhole = false;
    Arrays.fill(sentTo, 0);
    sums.begin(mine);
    operation.begin(Kind.REDUCE, step, sums);
    links.sendAll(new Enter(operation.number(), Kind.REDUCE, step, mine));
    operation.account(System.nanoTime() - start, 0);
    return this;
  }

  @Override
  public void ready(int from, int to) {
    if (from < 0 || from > to || to != finalFrom) {
      throw new IllegalArgumentException(
          "expected elements up to %d, got [%d, %d)".formatted(finalFrom, from, to));
    }
    finalFrom = from;
    if (!slices.anyBeginsIn(from, to) && seen == inbox.changes()) {
      return;
    }
    long start = System.nanoTime();
    inbox.throwIfFailed();
    boolean added;
    do {
      added = proceed();
    } while (added);
    operation.account(System.nanoTime() - start, 0);
  }

  @Override
  public Totals finish(List<Subtree> finished) {
    finalFrom = 0;
    long start = System.nanoTime();
    long together = 0;
    List<Totals> own = finished.stream().map(Subtree::totals).toList();
    links.sendAll(new Figures(operation.number(), own));
    while (true) {
      boolean added = proceed();
      List<Integer> debtors = inbox.others(this::owesNothing);
      if (together == 0 && inbox.others(this::hasFinished).isEmpty()) {
        together = System.nanoTime();
      }
      if (debtors.isEmpty() && sums.isComplete()) {
        break;
      }
      if (!added) {
        operation.await(seen, debtors);
      }
    }
    inbox.end();
    operation.account(System.nanoTime() - start, together - start);
    return totals(own);
  }

  /** Does what can be done without waiting; returns whether a chunk was added. */
  private boolean proceed() {
    seen = inbox.changes();
    operation.greet(this::takeNotice);
    for (int other : links.others()) {
      send(other);
    }
    if (!operation.areAllHere()) {
      return false;
    }
    if (!isWhole && !sums.areWhole()) {
      throw new IllegalStateException(
          "step %d: the members' lanes do not make up a whole tree".formatted(step));
    }
    isWhole = true;
    return addChunk();
  }

  private void takeNotice(Entry entry, int other) {
    if (entry instanceof Enter enter) {
      sums.setParts(other, enter.subtrees());
    }
  }

  /** Sends what is final and what the other has room for. */
  private void send(int other) {
    if (!operation.isHere(other)) {
      return;
    }
    int chunks = slices.chunks(other);
    Credit credit = inbox.credit(operation.number(), other);
    int room = credit == null ? Math.min(chunks, slices.ahead()) : credit.chunks();
    if (room > chunks) {
      throw operation.fail("worker %d has room for %d chunks of %d".formatted(other, room, chunks));
    }
    for (; sentTo[other] < room; sentTo[other]++) {
      int first = slices.first(other, sentTo[other]);
      if (first < finalFrom) {
        return;
      }
      int count = slices.count(other, sentTo[other]);
      for (int part = 0; part < mine.size(); part++) {
        links.send(other, new Floats(operation.number(), part, first, count), mine.get(part).sum());
      }
    }
  }

  /** Adds the next chunk of what this member owns, if all of it is here. */
  private boolean addChunk() {
    if (!sums.isNextHere() || slices.first(member, sums.added()) < finalFrom) {
      return false;
    }
    sums.add(sum);
    int room = sums.added() + slices.ahead();
    if (room <= slices.chunks(member)) {
      links.sendAll(new Credit(operation.number(), room));
    }
    return true;
  }

  /** Whether another has come to the end of its step. */
  private boolean hasFinished(int other) {
    return inbox.figures(operation.number(), other) != null;
  }

  private boolean owesNothing(int other) {
    return hasFinished(other)
        && sentTo[other] == slices.chunks(other)
        && operation.isHere(other)
        && sums.hasSent(other);
  }

  private Totals totals(List<Totals> own) {
    List<Subtree> all = new ArrayList<>();
    add(mine, own, all);
    for (int other : links.others()) {
      Enter enter = (Enter) inbox.entry(operation.number(), other);
      add(enter.subtrees(), inbox.figures(operation.number(), other).totals(), all);
    }
    all.sort(Comparator.comparingInt(Subtree::firstLane));
    LaneTree tree = new LaneTree(0, 0);
    all.forEach(tree::add);
    return tree.subtrees().get(0).totals();
  }

  private static void add(List<Subtree> subtrees, List<Totals> totals, List<Subtree> all) {
    for (int i = 0; i < subtrees.size(); i++) {
      Subtree subtree = subtrees.get(i);
      all.add(new Subtree(subtree.firstLane(), subtree.lanes(), new float[0], totals.get(i)));
    }
  }
}
