package org.convoyml.spark.collective.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.transport.Message.Floats;

/**
 * Adds what a member owns, chunk by chunk: while one chunk of all subtrees is added, the next ones
 * arrive. A few chunks of each subtree of the others are held at once, in buffers that serve again.
 * Threads of the network fill them; the member's own thread adds.
 */
final class ChunkSums implements Inbox.Reception {
  /** How many chunks ahead of the addition the others may send. */
  static final int AHEAD = 4;

  private final int from;
  private final int to;
  private final int chunk;
  private final Deque<float[]> free = new ArrayDeque<>();
  private final List<Part> parts = new ArrayList<>();

  /** By chunk modulo {@link #AHEAD}, sender, and sender's part. */
  private final List<List<List<float[]>>> received = new ArrayList<>();

  private final int[] arrived = new int[AHEAD];
  private int partsOfOthers;
  private int added;

  /**
   * A subtree that is added.
   *
   * @param owner the member that has it
   * @param number among the owner's
   */
  private record Part(int owner, int number, Subtree subtree) {}

  /**
   * @param from first element that is owned
   * @param to the element behind the last
   * @param chunk elements of a chunk
   */
  ChunkSums(int from, int to, int chunk, int members) {
    this.from = from;
    this.to = to;
    this.chunk = chunk;
    for (int i = 0; i < AHEAD; i++) {
      List<List<float[]>> ofChunk = new ArrayList<>();
      for (int member = 0; member < members; member++) {
        ofChunk.add(new ArrayList<>());
      }
      received.add(ofChunk);
    }
  }

  /** Begins the next operation. */
  synchronized void begin() {
    parts.clear();
    partsOfOthers = 0;
    added = 0;
  }

  /** All subtrees of a member. Its own come with their sums. */
  synchronized void setParts(int owner, List<Subtree> subtrees, boolean own) {
    for (int i = 0; i < subtrees.size(); i++) {
      parts.add(new Part(owner, i, subtrees.get(i)));
    }
    partsOfOthers += own ? 0 : subtrees.size();
    parts.sort(Comparator.comparingInt(part -> part.subtree().firstLane()));
  }

  synchronized List<Subtree> subtrees() {
    return parts.stream().map(Part::subtree).toList();
  }

  int chunks() {
    return (to - from + chunk - 1) / chunk;
  }

  synchronized int chunksAdded() {
    return added;
  }

  @Override
  public synchronized Inbox.Place placeFor(int sender, Floats floats) {
    int number = (floats.first() - from) / chunk;
    if (floats.first() < from
        || (floats.first() - from) % chunk != 0
        || floats.count() != Math.min(chunk, to - floats.first())
        || number >= added + AHEAD
        || number < added) {
      throw new IllegalStateException(
          "worker %d sent %s, expected chunks of %d from %d to %d"
              .formatted(sender, floats, chunk, from, to));
    }
    List<float[]> ofSender = received.get(number % AHEAD).get(sender);
    // The inbox has checked that the sender has as many parts.
    while (ofSender.size() <= floats.part()) {
      ofSender.add(null);
    }
    if (ofSender.get(floats.part()) != null) {
      throw new IllegalStateException("worker %d sent %s twice".formatted(sender, floats));
    }
    float[] buffer = free.isEmpty() ? new float[Math.min(chunk, to - from)] : free.pop();
    ofSender.set(floats.part(), buffer);
    return new Inbox.Place(buffer, 0);
  }

  @Override
  public synchronized void arrived(int sender, Floats floats) {
    arrived[(floats.first() - from) / chunk % AHEAD]++;
  }

  /** Whether a sender has nothing left to send for the next chunk. */
  synchronized boolean hasSent(int sender) {
    if (added >= chunks()) {
      return true;
    }
    long parts = this.parts.stream().filter(part -> part.owner() == sender).count();
    List<float[]> ofSender = received.get(added % AHEAD).get(sender);
    return ofSender.size() == parts;
  }

  /** Whether the next chunk of all subtrees is here. */
  synchronized boolean isNextHere() {
    return added < chunks() && arrived[added % AHEAD] == partsOfOthers;
  }

  /** The next chunk of all subtrees, in order of lanes. */
  synchronized List<Subtree> next() {
    int start = from + added * chunk;
    List<List<float[]>> ofChunk = received.get(added % AHEAD);
    List<Subtree> next = new ArrayList<>(parts.size());
    for (Part part : parts) {
      Subtree subtree = part.subtree();
      if (subtree.sum() != null) {
        next.add(subtree);
      } else {
        next.add(
            new Subtree(
                subtree.firstLane(),
                subtree.lanes(),
                ofChunk.get(part.owner()).get(part.number()),
                start,
                subtree.totals()));
      }
    }
    return next;
  }

  /** Adds a chunk of all subtrees into the sum. */
  void add(List<Subtree> next, float[] sum) {
    int start = from + added * chunk;
    int end = Math.min(to, start + chunk);
    LaneTree tree = new LaneTree(start, end);
    next.forEach(tree::add);
    Subtree root = tree.subtrees().get(0);
    System.arraycopy(root.sum(), start - root.offset(), sum, start, end - start);
  }

  /** The next chunk has been added: its buffers are free. */
  synchronized void added() {
    for (List<float[]> ofSender : received.get(added % AHEAD)) {
      free.addAll(ofSender);
      ofSender.clear();
    }
    arrived[added % AHEAD] = 0;
    added++;
  }
}
