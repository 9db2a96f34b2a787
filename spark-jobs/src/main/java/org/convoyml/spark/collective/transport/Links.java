package org.convoyml.spark.collective.transport;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Message.Floats;
import org.convoyml.spark.collective.transport.Message.Ready;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways from one member to all others. Belongs to the member's thread, but for a thread that
 * connects.
 */
final class Links implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Links.class);

  /**
   * How long a member that leaves waits until the others have taken its last message, or sent
   * theirs.
   */
  static final Duration PARTING = Duration.ofSeconds(5);

  private final Transport transport;
  private final Inbox inbox;
  private final int chunk;
  private final Link[] links;
  private final int[] others;
  private boolean closed;

  Links(Transport transport, Inbox inbox, int chunk) {
    this.transport = transport;
    this.inbox = inbox;
    this.chunk = chunk;
    Membership membership = inbox.membership();
    this.links = new Link[membership.members()];
    this.others = new int[membership.members() - 1];
    for (int i = 0; i < others.length; i++) {
      others[i] = (membership.member() + 1 + i) % membership.members();
    }
  }

  /** Meets the others, and returns when each has a link to each. */
  void connect(Meeting meeting, Waiting waiting) {
    Membership membership = inbox.membership();
    Peer self =
        new Peer(
            membership.member(),
            transport.executor(),
            transport.host(),
            transport.port(),
            membership.lanes());
    List<Peer> peers = meeting.meet(self, waiting);
    inbox.knows(peers);
    // Spark's client cannot be asked to give up, only interrupted.
    Thread connecting =
        new Thread(() -> connect(peers, waiting), "convoy-connecting-" + membership.member());
    connecting.setDaemon(true);
    connecting.start();
    try {
      await("connecting", member -> isLinked(member) && inbox.isConnected(member));
    } finally {
      connecting.interrupt();
    }
    // Who fails after this can tell all others, and all others can hear it.
    sendAll(new Ready());
    await("connecting", inbox::isReady);
  }

  private void connect(List<Peer> peers, Waiting waiting) {
    try {
      for (int member : others) {
        set(member, transport.connect(inbox, peers.get(member), chunk, waiting.deadline()));
        inbox.linked();
      }
    } catch (ConvoyException e) {
      inbox.fail(e);
    } catch (RuntimeException | Error e) {
      inbox.fail(
          new ConvoyException("worker %d failed: %s".formatted(inbox.membership().member(), e), e));
    }
  }

  /** A link that comes when the member has left already is of no use. */
  private synchronized void set(int member, Link link) {
    if (closed) {
      link.close();
    } else {
      links[member] = link;
    }
  }

  private synchronized boolean isLinked(int member) {
    return links[member] != null;
  }

  private synchronized List<Link> links() {
    return Stream.of(links).filter(Objects::nonNull).toList();
  }

  private void await(String what, IntPredicate holds) {
    while (true) {
      long seen = inbox.changes();
      List<Integer> missing = inbox.others(holds);
      if (missing.isEmpty()) {
        return;
      }
      inbox.awaitChange(seen, what, missing);
    }
  }

  /** The others, beginning with the next, so that not all send to the same one first. */
  int[] others() {
    return others;
  }

  /** Sends floats without copying them; the inbox counts them until they are written. */
  void send(int member, Floats floats, float[] vector) {
    inbox.sending(member);
    links[member].send(floats, vector);
  }

  void sendAll(Message message) {
    for (int member : others) {
      links[member].send(message);
    }
  }

  /** Sends a last message, and waits a while until all others have taken it. */
  void sendLast(Message message) {
    CompletableFuture<?>[] taken =
        links().stream().map(link -> link.sendLast(message)).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(taken).get(PARTING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Worker {} leaves before all others have heard it", inbox.membership().member(), e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    links().forEach(Link::close);
  }
}
