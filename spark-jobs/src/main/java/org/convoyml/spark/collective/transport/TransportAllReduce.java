package org.convoyml.spark.collective.transport;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Message.Abort;
import org.convoyml.spark.collective.transport.Message.Bye;
import org.convoyml.spark.collective.transport.Message.Enter;
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
  private final Transport transport;
  private final boolean ownsTransport;
  private final Membership membership;
  private final Slices slices;
  private final Inbox inbox;
  private final Links links;
  private final Operation operation;
  private final TransportReduction reduction;
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
    this.slices = new Slices(membership, chunk);
    this.inbox = new Inbox(membership, waiting, chunk);
    this.links = new Links(transport, inbox, chunk);
    this.operation = new Operation(inbox, links.others());
    this.reduction = new TransportReduction(operation, inbox, links, slices);
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
    return join(transport, membership, meeting, waiting, Slices.chunkOf(membership));
  }

  static TransportAllReduce join(
      Transport transport, Membership membership, Meeting meeting, Waiting waiting, int chunk) {
    return join(transport, false, membership, meeting, waiting, chunk);
  }

  /** Joins a group from the task of an executor, whose members share a transport. */
  public static TransportAllReduce joinFromExecutor(
      Membership membership, Meeting meeting, Waiting waiting) {
    return join(
        Transport.ofExecutor(), true, membership, meeting, waiting, Slices.chunkOf(membership));
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

  @Override
  public int from() {
    return slices.from(membership.member());
  }

  @Override
  public int to() {
    return slices.to(membership.member());
  }

  /** Time in all operations until the last of the others had come as far. */
  public Duration waitingTime() {
    return operation.waitingTime();
  }

  /** Time in all operations besides that. */
  public Duration communicationTime() {
    return operation.communicationTime();
  }

  @Override
  public Reduction beginReduce(long step, List<Subtree> mine, float[] sum) {
    return reduction.begin(step, mine, sum);
  }

  @Override
  public void allGather(long step, float[] vector) {
    VectorReception reception = new VectorReception(vector, membership);
    long start = System.nanoTime();
    long together = 0;
    operation.begin(Kind.GATHER, step, reception);
    links.sendAll(new Enter(operation.number(), Kind.GATHER, step, List.of()));
    while (true) {
      long seen = inbox.changes();
      operation.greet((entry, member) -> sendOwn(member, vector));
      if (together == 0 && operation.areAllHere()) {
        together = System.nanoTime();
      }
      // All must have been written too, before the caller may change the vector.
      if (operation.areAllHere() && reception.isComplete() && inbox.allSent()) {
        break;
      }
      operation.await(
          seen, inbox.others(member -> operation.isHere(member) && reception.isComplete(member)));
    }
    inbox.end();
    operation.account(System.nanoTime() - start, together - start);
  }

  private void sendOwn(int member, float[] vector) {
    int count;
    for (int first = from(); first < to(); first += count) {
      count = Math.min(slices.chunk(), to() - first);
      links.send(member, new Floats(operation.number(), 0, first, count), vector);
    }
  }

  @Override
  public void allGather(long step, double[] numbers, int first, int end) {
    long start = System.nanoTime();
    operation.begin(Kind.NORMS, step, null);
    double[] own = Arrays.copyOfRange(numbers, first, end);
    links.sendAll(new Numbers(operation.number(), step, first, own));
    while (true) {
      long seen = inbox.changes();
      operation.greet((entry, member) -> take((Numbers) entry, member, numbers));
      if (operation.areAllHere()) {
        break;
      }
      operation.await(seen, inbox.others(operation::isHere));
    }
    long nanos = System.nanoTime() - start;
    operation.account(nanos, nanos);
  }

  private void take(Numbers theirs, int member, double[] numbers) {
    if (theirs.first() < 0 || theirs.first() > numbers.length - theirs.values().length) {
      throw operation.fail(
          "worker %d sent %d numbers from %d, expected %d in all"
              .formatted(member, theirs.values().length, theirs.first(), numbers.length));
    }
    System.arraycopy(theirs.values(), 0, numbers, theirs.first(), theirs.values().length);
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
      // Who closes its port earlier cuts off those who are about to say goodbye.
      inbox.awaitGoodbyes(Links.PARTING);
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
