package org.convoyml.benchmarks.allreduce;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Membership;
import org.convoyml.spark.collective.transport.Peer;
import org.convoyml.spark.collective.transport.Transport;
import org.convoyml.spark.collective.transport.TransportAllReduce;
import org.convoyml.spark.collective.transport.TransportSettings;

/** A member of a group of processes, with the settings that Spark would have. */
final class GroupMember implements AutoCloseable {
  private final Transport transport;
  private final TransportAllReduce all;

  /**
   * Joins.
   *
   * @param meet is told a port and returns those of all members
   * @param encrypted whether with authentication and AES in counter mode
   */
  GroupMember(int member, int members, int length, boolean encrypted, IntFunction<int[]> meet) {
    SparkConf conf = new SparkConf(false).set("spark.app.id", "benchmark");
    if (encrypted) {
      conf.set("spark.network.crypto.enabled", "true");
    }
    transport =
        Transport.open(
            TransportSettings.of(
                conf, encrypted ? secret() : null, String.valueOf(member), "127.0.0.1"));
    all =
        TransportAllReduce.join(
            transport,
            new Membership("benchmark", member, members, length, "lane " + member),
            (self, waiting) -> peers(meet.apply(self.port())),
            new Waiting(Duration.ofSeconds(60), () -> false));
  }

  private static List<Peer> peers(int[] ports) {
    return IntStream.range(0, ports.length)
        .mapToObj(
            member ->
                new Peer(
                    member, String.valueOf(member), "127.0.0.1", ports[member], "lane " + member))
        .toList();
  }

  private static SecretKeyHolder secret() {
    return new SecretKeyHolder() {
      @Override
      public String getSaslUser(String application) {
        return "benchmark";
      }

      @Override
      public String getSecretKey(String application) {
        return "not a secret: both processes are ours";
      }
    };
  }

  TransportAllReduce all() {
    return all;
  }

  @Override
  public void close() {
    all.close();
    transport.close();
  }
}
