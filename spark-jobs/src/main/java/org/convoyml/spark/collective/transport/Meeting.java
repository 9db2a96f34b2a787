package org.convoyml.spark.collective.transport;

import java.util.List;
import org.convoyml.spark.collective.Waiting;

/** How members of a group learn where the others are. */
public interface Meeting {
  /**
   * Tells the others where this member is, and waits until all have told.
   *
   * @return all of them in order of their numbers
   * @throws org.convoyml.nn.ConvoyException if some do not come in time, or the task was cancelled
   */
  List<Peer> meet(Peer self, Waiting waiting);
}
