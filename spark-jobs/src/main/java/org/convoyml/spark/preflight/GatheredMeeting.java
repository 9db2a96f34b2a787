package org.convoyml.spark.preflight;

import java.util.Comparator;
import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Meeting;
import org.convoyml.spark.collective.transport.Peer;

/** Those who speak for their executors meet where all tasks come. */
final class GatheredMeeting implements Meeting {
  private final Gathering gathering;
  private final int members;
  private boolean met;

  GatheredMeeting(Gathering gathering, int members) {
    this.gathering = gathering;
    this.members = members;
  }

  @Override
  public List<Peer> meet(Peer self, Waiting waiting) {
    met = true;
    List<Peer> peers =
        gathering.tell(self.toText(), waiting).stream()
            .map(Peer::parse)
            .sorted(Comparator.comparingInt(Peer::member))
            .toList();
    if (peers.size() < members) {
      throw new ConvoyException(
          "expected all %d executors to meet, found %s".formatted(members, peers));
    }
    return peers;
  }

  /** Who does not come must say so: the others wait for every task. */
  void excuse(Waiting waiting) {
    if (!met) {
      gathering.listen(waiting);
    }
  }
}
