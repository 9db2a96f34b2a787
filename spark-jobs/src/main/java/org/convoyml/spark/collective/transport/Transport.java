package org.convoyml.spark.collective.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.WorkerLostException;
import org.convoyml.spark.collective.transport.Message.Abort;
import org.convoyml.spark.collective.transport.Message.Hello;

/**
 * Spark's network layer, as far as one executor's members of groups share it: a port on which
 * others connect, and connections to others.
 */
public final class Transport implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static Transport ofExecutor;

  private final TransportSettings settings;
  private final ConcurrentMap<Place, Inbox> members = new ConcurrentHashMap<>();
  private final TransportContext context;
  private final TransportServer server;
  private final TransportClientFactory clients;
  private int users = 1;

  /** A member of a group. */
  private record Place(String group, int member) {}

  private Transport(TransportSettings settings) {
    this.settings = settings;
    this.context = new TransportContext(settings.conf(), new Incoming(this));
    try {
      this.server = listen();
    } catch (RuntimeException | Error e) {
      context.close();
      throw e;
    }
    this.clients = context.createClientFactory(clientBootstraps());
  }

  /** Begins to listen. */
  public static Transport open(TransportSettings settings) {
    return new Transport(settings);
  }

  /** That of this executor, which all its members share; each must close it. */
  public static Transport ofExecutor() {
    synchronized (LOCK) {
      if (ofExecutor == null) {
        ofExecutor = open(TransportSettings.ofExecutor());
      } else {
        ofExecutor.users++;
      }
      return ofExecutor;
    }
  }

  private List<TransportServerBootstrap> serverBootstraps() {
    return settings.secrets() == null
        ? List.of()
        : List.of(new AuthServerBootstrap(settings.conf(), settings.secrets()));
  }

  private List<TransportClientBootstrap> clientBootstraps() {
    return settings.secrets() == null
        ? List.of()
        : List.of(
            new AuthClientBootstrap(settings.conf(), settings.application(), settings.secrets()));
  }

  /** As Spark's own services do, tries the next ports if one is taken. */
  private TransportServer listen() {
    int last =
        settings.port() == 0
            ? 0
            : Math.min(65_535, settings.port() + settings.conf().portMaxRetries());
    for (int port = settings.port(); ; port++) {
      try {
        return context.createServer(settings.bindHost(), port, serverBootstraps());
      } catch (Exception e) { // netty throws checked exceptions that nothing declares
        if (!isTaken(e) || port >= last) {
          throw new ConvoyException(
              "executor %s cannot listen at %s:%d: %s: set %s"
                  .formatted(
                      settings.executor(),
                      settings.host(),
                      port,
                      e.getMessage(),
                      TransportSettings.PORT),
              e);
        }
      }
    }
  }

  /** Whether a port was not free; with {@code epoll} netty has an exception of its own for that. */
  private static boolean isTaken(Exception e) {
    return e instanceof BindException || e instanceof Errors.NativeIoException;
  }

  String executor() {
    return settings.executor();
  }

  String host() {
    return settings.host();
  }

  int port() {
    return server.getPort();
  }

  /** Lets others connect to a member. */
  void admit(Inbox inbox) {
    Membership membership = inbox.membership();
    if (members.putIfAbsent(new Place(membership.group(), membership.member()), inbox) != null) {
      throw new IllegalStateException(
          "%s: worker %d is here already".formatted(membership.group(), membership.member()));
    }
  }

  void dismiss(Inbox inbox) {
    members.remove(new Place(inbox.membership().group(), inbox.membership().member()), inbox);
  }

  /** The inbox of a member that is here; null if none is. */
  Inbox inboxOf(String group, int member) {
    return members.get(new Place(group, member));
  }

  /**
   * Connects a member to another.
   *
   * @throws WorkerLostException if the other cannot be reached, or has left the group
   * @throws ConvoyException if it does not answer in time, or refuses
   */
  Link connect(Inbox inbox, Peer peer, int chunk, Duration deadline) {
    Membership own = inbox.membership();
    Inbox beside = inboxOf(own.group(), peer.member());
    if (beside != null && peer.port() == port() && peer.host().equals(host())) {
      beside.connected(own.member());
      return new MemoryLink(own.member(), inbox, beside);
    }
    TransportClient client = null;
    try {
      client = clients.createUnmanagedClient(peer.host(), peer.port());
      tune(client.getChannel());
      Hello hello =
          new Hello(own.group(), own.member(), peer.member(), own.members(), own.length(), chunk);
      ByteBuffer answer = client.sendRpcSync(hello.encode(), deadline.toMillis());
      if (answer.hasRemaining() && Message.decode(answer) instanceof Abort refusal) {
        throw new Abort(
                refusal.lost(),
                "%s refuses worker %d: %s".formatted(peer, own.member(), refusal.reason()))
            .toException();
      }
      return new ChannelLink(client, peer.member(), inbox);
    } catch (InterruptedException e) {
      closeQuietly(client);
      Thread.currentThread().interrupt();
      throw new ConvoyException("worker %d was interrupted".formatted(own.member()), e);
    } catch (ConvoyException e) {
      closeQuietly(client);
      throw e;
    } catch (IOException | RuntimeException e) {
      closeQuietly(client);
      String why =
          "worker %d cannot connect to %s: %s".formatted(own.member(), peer, e.getMessage());
      // Spark's client wraps what it waited for.
      if (e.getCause() instanceof TimeoutException) {
        throw new ConvoyException(why, e);
      }
      throw new WorkerLostException(why, e);
    }
  }

  private static void closeQuietly(TransportClient client) {
    if (client != null) {
      client.close();
    }
  }

  /** Vectors come in megabytes: fewer and larger reads than shuffles need. */
  static void tune(Channel channel) {
    channel
        .config()
        .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(2048, 65_536, 524_288));
  }

  /** Ends all connections and frees the port, when the last user has closed it. */
  @Override
  public void close() {
    synchronized (LOCK) {
      users--;
      if (users > 0) {
        return;
      }
      if (ofExecutor == this) {
        ofExecutor = null;
      }
    }
    clients.close();
    server.close();
    context.close();
  }
}
