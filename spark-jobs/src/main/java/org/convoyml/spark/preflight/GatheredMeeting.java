package org.convoyml.spark.preflight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Meeting;
import org.convoyml.spark.collective.transport.Peer;

/**
 * Members meet by {@code allGather} of the barrier stage. That is slower than asking the driver,
 * but nobody needs to know beforehand how many executors there will be.
 */
final class GatheredMeeting implements Meeting {
  private static final String SEPARATOR = "\t";

  private final BarrierTaskContext context;
  private final int members;
  private boolean met;

  GatheredMeeting(BarrierTaskContext context, int members) {
    this.context = context;
    this.members = members;
  }

  @Override
  public List<Peer> meet(Peer self, Waiting waiting) {
    met = true;
    List<Peer> peers = new ArrayList<>();
    for (String line : context.allGather(write(self))) {
      if (!line.isEmpty()) {
        peers.add(read(line));
      }
    }
    if (peers.size() < members) {
      throw new ConvoyException(
          "expected all %d executors to meet, found %s".formatted(members, peers));
    }
    peers.sort(Comparator.comparingInt(Peer::member));
    return peers;
  }

  /** Who does not come must say so: the others wait for every task. */
  void excuse() {
    if (!met) {
      context.allGather("");
    }
  }

  private static String write(Peer peer) {
    return String.join(
        SEPARATOR,
        String.valueOf(peer.member()),
        peer.executor(),
        peer.host(),
        String.valueOf(peer.port()));
  }

  private static Peer read(String line) {
    String[] words = line.split(SEPARATOR);
    return new Peer(
        Integer.parseInt(words[0]),
        words[1],
        words[2],
        Integer.parseInt(words[3]),
        ExecutorTrial.ROLE);
  }
}
