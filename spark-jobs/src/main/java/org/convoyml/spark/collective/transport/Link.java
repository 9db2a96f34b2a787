package org.convoyml.spark.collective.transport;

import java.util.concurrent.CompletableFuture;
import org.convoyml.spark.collective.transport.Message.Floats;

/** The way from one member to another. What is sent arrives in order, or the link fails. */
interface Link extends AutoCloseable {
  void send(Message message);

  /**
   * Sends floats without copying them: they must not be changed before the sender's inbox has
   * counted them as sent.
   *
   * @param vector the flat vector
   */
  void send(Floats floats, float[] vector);

  /**
   * Sends a last message.
   *
   * @return completes when the other has taken it, and all before it, or has gone
   */
  CompletableFuture<Void> sendLast(Message message);

  @Override
  void close();
}
