package org.convoyml.spark.collective.transport;

import java.time.Duration;
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
   * @return whether the other has taken it, and all before it, within the time
   */
  boolean sendLast(Message message, Duration patience);

  @Override
  void close();
}
