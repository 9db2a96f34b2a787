package org.convoyml.spark.collective.transport;

import io.netty.util.AttributeKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.transport.Message.Abort;
import org.convoyml.spark.collective.transport.Message.Floats;
import org.convoyml.spark.collective.transport.Message.Hello;

/**
 * Hands what comes over connections to the members that it is for. Spark has authenticated the
 * other end by then, if it does at all. A connection belongs to whom its {@link Hello} names; one
 * that names a group which is not here, such as a round that was given up, is refused.
 */
final class Incoming extends RpcHandler {
  private static final AttributeKey<Connection> CONNECTION =
      AttributeKey.valueOf(Incoming.class, "connection");

  private final Transport transport;
  private final StreamManager streams = new OneForOneStreamManager();

  /** From a member to the owner of the inbox. */
  private record Connection(int from, Inbox inbox) {}

  /** Floats for a member that has failed. */
  private static final class Discarded implements StreamCallbackWithID {
    @Override
    public String getID() {
      return "discarded";
    }

    @Override
    public void onData(String id, ByteBuffer bytes) {
      bytes.position(bytes.limit());
    }

    @Override
    public void onComplete(String id) {}

    @Override
    public void onFailure(String id, Throwable cause) {}
  }

  Incoming(Transport transport) {
    this.transport = transport;
  }

  /** Messages that are answered: the first and the last. */
  @Override
  public void receive(TransportClient client, ByteBuffer bytes, RpcResponseCallback callback) {
    Message message = Message.decode(bytes);
    if (message instanceof Hello hello) {
      callback.onSuccess(begin(client, hello));
    } else {
      Connection connection = connection(client);
      connection.inbox().take(connection.from(), message);
      callback.onSuccess(ByteBuffer.allocate(0));
    }
  }

  /** Messages that are not answered. */
  @Override
  public void receive(TransportClient client, ByteBuffer bytes) {
    Connection connection = connection(client);
    try {
      if (Floats.isNext(bytes)) {
        take(connection, Floats.decode(bytes), bytes);
      } else {
        connection.inbox().take(connection.from(), Message.decode(bytes));
      }
    } catch (RuntimeException e) {
      // Spark would only log it, and all would wait for what was refused.
      connection.inbox().disconnected(connection.from(), e);
    }
  }

  /** Answers with an {@link Abort} that says why not, or with nothing. */
  private ByteBuffer begin(TransportClient client, Hello hello) {
    Inbox inbox = transport.inboxOf(hello.group(), hello.to());
    if (inbox == null) {
      return new Abort(
              true,
              "no worker %d of '%s' is in executor %s: that round may be over"
                  .formatted(hello.to(), hello.group(), transport.executor()))
          .encode();
    }
    String refusal = inbox.refusal(hello);
    if (!refusal.isEmpty()) {
      return new Abort(false, refusal).encode();
    }
    Transport.tune(client.getChannel());
    client.getChannel().attr(CONNECTION).set(new Connection(hello.from(), inbox));
    inbox.connected(hello.from());
    return ByteBuffer.allocate(0);
  }

  private static void take(Connection connection, Floats floats, ByteBuffer bytes) {
    Reception.Place place = connection.inbox().placeFor(connection.from(), floats);
    if (place == null) {
      return;
    }
    if (bytes.remaining() != (long) floats.count() * Float.BYTES) {
      throw new IllegalStateException("%d bytes came of %s".formatted(bytes.remaining(), floats));
    }
    bytes
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(place.array(), place.index(), floats.count());
    connection.inbox().arrived(connection.from(), floats);
  }

  private static Connection connection(TransportClient client) {
    Connection connection = client.getChannel().attr(CONNECTION).get();
    if (connection == null) {
      throw new IllegalStateException(
          "%s did not say who it is".formatted(client.getSocketAddress()));
    }
    return connection;
  }

  @Override
  public StreamCallbackWithID receiveStream(
      TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
    Floats floats = Floats.decode(header);
    Connection connection = connection(client);
    int from = connection.from();
    Inbox inbox = connection.inbox();
    Reception.Place place = inbox.placeFor(from, floats);
    if (place == null) {
      return new Discarded();
    }
    return new FloatReceiver(
        place,
        floats.count(),
        () -> inbox.arrived(from, floats),
        cause -> inbox.disconnected(from, cause));
  }

  @Override
  public void channelInactive(TransportClient client) {
    Connection connection = client.getChannel().attr(CONNECTION).get();
    if (connection != null) {
      connection.inbox().disconnected(connection.from(), null);
    }
  }

  @Override
  public void exceptionCaught(Throwable cause, TransportClient client) {
    Connection connection = client.getChannel().attr(CONNECTION).get();
    if (connection != null && !(cause instanceof ConvoyException)) {
      connection.inbox().disconnected(connection.from(), cause);
    }
  }

  /** Nobody fetches anything from here. */
  @Override
  public StreamManager getStreamManager() {
    return streams;
  }
}
