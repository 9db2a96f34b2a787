package org.convoyml.spark.collective.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.transport.Message.Floats;

/**
 * Adds what a member owns, chunk by chunk: while one chunk of all subtrees is added, the next ones
 * arrive. A few chunks of each subtree of the others are held at once, in buffers that serve again.
 * Threads of the network fill them; the member's own thread adds.
 */
final class ChunkSums implements Reception {
  private final Slices slices;
  private final int member;
  private final int ahead;
  private final Deque<float[]> free = new ArrayDeque<>();
  private final List<Part> parts = new ArrayList<>();

  /** By chunk modulo {@link #ahead}, sender, and sender's part. */
  private final List<List<List<float[]>>> received = new ArrayList<>();

  private final int[] arrived;
  private int partsOfOthers;
  private int added;

  /**
   * A subtree that is added.
   *
   * @param owner the member that has it
   * @param number among the owner's
   */
  private record Part(int owner, int number, Subtree subtree) {}

  ChunkSums(Slices slices, int member, int members) {
    this.slices = slices;
    this.member = member;
    this.ahead = Math.max(1, Math.min(slices.ahead(), slices.chunks(member)));
    this.arrived = new int[ahead];
    for (int i = 0; i < ahead; i++) {
      List<List<float[]>> ofChunk = new ArrayList<>();
      for (int sender = 0; sender < members; sender++) {
        ofChunk.add(new ArrayList<>());
      }
      received.add(ofChunk);
    }
  }

  /** Begins the next operation, with the member's own subtrees. */
  synchronized void begin(List<Subtree> own) {
    parts.clear();
    partsOfOthers = 0;
    added = 0;
    addParts(member, own);
  }

  /** Those of another member, without their sums. */
  synchronized void setParts(int owner, List<Subtree> subtrees) {
    partsOfOthers += subtrees.size();
    addParts(owner, subtrees);
  }

  private void addParts(int owner, List<Subtree> subtrees) {
    for (int i = 0; i < subtrees.size(); i++) {
      parts.add(new Part(owner, i, subtrees.get(i)));
    }
    parts.sort(Comparator.comparingInt(part -> part.subtree().firstLane()));
  }

  /** Whether all subtrees together make up one tree. */
  synchronized boolean areWhole() {
    LaneTree tree = new LaneTree(0, 0);
    for (Part part : parts) {
      Subtree subtree = part.subtree();
      tree.add(new Subtree(subtree.firstLane(), subtree.lanes(), new float[0], Totals.NONE));
    }
    return tree.subtrees().size() == 1;
  }

  /** How many chunks have been added. */
  synchronized int added() {
    return added;
  }

  synchronized boolean isComplete() {
    return added == slices.chunks(member);
  }

  @Override
  public synchronized Reception.Place placeFor(int sender, Floats floats) {
    int number = slices.numberOf(member, floats.first());
    if (number < added
        || number >= added + ahead
        || floats.count() != slices.count(member, number)) {
      throw new IllegalStateException(
          "worker %d sent %s, expected one of %d chunks from %d on"
              .formatted(sender, floats, ahead, added));
    }
    List<float[]> ofSender = received.get(number % ahead).get(sender);
    // The inbox has checked that the sender has as many parts.
    while (ofSender.size() <= floats.part()) {
      ofSender.add(null);
    }
    if (ofSender.get(floats.part()) != null) {
      throw new IllegalStateException("worker %d sent %s twice".formatted(sender, floats));
    }
    float[] buffer = free.isEmpty() ? new float[slices.largest(member)] : free.pop();
    ofSender.set(floats.part(), buffer);
    return new Reception.Place(buffer, 0);
  }

  @Override
  public synchronized void arrived(int sender, Floats floats) {
    arrived[slices.numberOf(member, floats.first()) % ahead]++;
  }

  /** Whether a sender has nothing left to send for the next chunk. */
  synchronized boolean hasSent(int sender) {
    if (isComplete()) {
      return true;
    }
    long expected = parts.stream().filter(part -> part.owner() == sender).count();
    return received.get(added % ahead).get(sender).size() == expected;
  }

  /** Whether the next chunk of all subtrees of the others is here. */
  synchronized boolean isNextHere() {
    return !isComplete() && arrived[added % ahead] == partsOfOthers;
  }

  /** Adds the next chunk of all subtrees into the sum. Its buffers are free afterwards. */
  void add(float[] sum) {
    int start;
    int end;
    LaneTree tree;
    List<Subtree> next;
    synchronized (this) {
      start = slices.first(member, added);
      end = start + slices.count(member, added);
      tree = new LaneTree(start, end);
      next = next(start);
    }
    next.forEach(tree::add);
    Subtree root = tree.subtrees().get(0);
    System.arraycopy(root.sum(), start - root.offset(), sum, start, end - start);
    free();
  }

  /** The next chunk of all subtrees, in order of lanes. */
  private List<Subtree> next(int start) {
    List<List<float[]>> ofChunk = received.get(added % ahead);
    List<Subtree> next = new ArrayList<>(parts.size());
    for (Part part : parts) {
      Subtree subtree = part.subtree();
      if (part.owner() == member) {
        next.add(subtree);
      } else {
        float[] sum = ofChunk.get(part.owner()).get(part.number());
        next.add(new Subtree(subtree.firstLane(), subtree.lanes(), sum, start, Totals.NONE));
      }
    }
    return next;
  }

  private synchronized void free() {
    for (List<float[]> ofSender : received.get(added % ahead)) {
      free.addAll(ofSender);
      ofSender.clear();
    }
    arrived[added % ahead] = 0;
    added++;
  }
}
