package org.convoyml.spark.collective.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.protocol.OneWayMessage;
import org.convoyml.spark.collective.transport.Message.Floats;

/** To a member in another executor, over a connection of its own. */
final class ChannelLink implements Link {
  /** Floats of a message: 1 MB. */
  private static final int LARGEST_MESSAGE = 1 << 18;

  private final TransportClient client;
  private final int to;
  private final Inbox sender;
  private final FloatRegion.Window window;
  private final RpcResponseCallback uploaded =
      new RpcResponseCallback() {
        @Override
        public void onSuccess(ByteBuffer response) {}

        @Override
        public void onFailure(Throwable cause) {
          sender.disconnected(to, cause);
        }
      };

  /**
   * A link over a connection that the other has accepted.
   *
   * @param to the other
   * @param sender is told what was sent, and when the connection ends
   */
  ChannelLink(TransportClient client, int to, Inbox sender) {
    this.client = client;
    this.to = to;
    this.sender = sender;
    Channel channel = client.getChannel();
    ByteBuf memory = channel.alloc().directBuffer(FloatRegion.Window.BYTES);
    this.window = new FloatRegion.Window(memory);
    channel
        .closeFuture()
        .addListener(
            future -> {
              memory.release();
              sender.disconnected(to, null);
            });
  }

  @Override
  public void send(Message message) {
    client.send(message.encode());
  }

  /**
   * Few floats are a message, many an upload: that is received piece by piece without being kept,
   * but it is answered, and every answer wakes a thread that has nothing else to do.
   */
  @Override
  public void send(Floats floats, float[] vector) {
    if (floats.count() <= LARGEST_MESSAGE) {
      client
          .getChannel()
          .writeAndFlush(new OneWayMessage(buffer(floats.encodeAsMessage(), floats, vector)));
    } else {
      client.uploadStream(
          new NioManagedBuffer(floats.encode()),
          buffer(ByteBuffer.allocate(0), floats, vector),
          uploaded);
    }
  }

  private FloatsBuffer buffer(ByteBuffer header, Floats floats, float[] vector) {
    return new FloatsBuffer(
        header, vector, floats.first(), floats.count(), window, () -> sender.sent(to));
  }

  @Override
  public CompletableFuture<Void> sendLast(Message message) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    client.sendRpc(
        message.encode(),
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer response) {
            taken.complete(null);
          }

          @Override
          public void onFailure(Throwable cause) {
            // The other has gone before: it needs no last message.
            taken.complete(null);
          }
        });
    return taken;
  }

  @Override
  public void close() {
    client.close();
  }
}
