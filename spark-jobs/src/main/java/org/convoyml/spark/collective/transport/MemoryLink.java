package org.convoyml.spark.collective.transport;

import java.util.concurrent.CompletableFuture;
import org.convoyml.spark.collective.transport.Message.Floats;

/** To a member in the same executor: copies into its arrays. */
final class MemoryLink implements Link {
  private final int from;
  private final Inbox sender;
  private final Inbox receiver;

  MemoryLink(int from, Inbox sender, Inbox receiver) {
    this.from = from;
    this.sender = sender;
    this.receiver = receiver;
  }

  @Override
  public void send(Message message) {
    receiver.take(from, message);
  }

  @Override
  public void send(Floats floats, float[] vector) {
    Reception.Place place = receiver.placeFor(from, floats);
    if (place != null) {
      System.arraycopy(vector, floats.first(), place.array(), place.index(), floats.count());
      receiver.arrived(from, floats);
    }
    sender.sent(receiver.membership().member());
  }

  @Override
  public CompletableFuture<Void> sendLast(Message message) {
    receiver.take(from, message);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {}
}
