package org.convoyml.benchmarks.allreduce;

import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Membership;
import org.convoyml.spark.collective.transport.Peer;
import org.convoyml.spark.collective.transport.Transport;
import org.convoyml.spark.collective.transport.TransportAllReduce;
import org.convoyml.spark.collective.transport.TransportSettings;

/** A member of a group of two processes, with the settings that Spark would have. */
final class GroupOfTwo implements AutoCloseable {
  private final Transport transport;
  private final TransportAllReduce all;

  /**
   * Joins.
   *
   * @param meet is told a port and returns the other's
   * @param encrypted whether with authentication and AES in counter mode
   */
  GroupOfTwo(int member, int length, boolean encrypted, IntUnaryOperator meet) {
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
            new Membership("benchmark", member, 2, length, "lane " + member),
            (self, waiting) -> {
              Peer other =
                  new Peer(
                      1 - member,
                      String.valueOf(1 - member),
                      "127.0.0.1",
                      meet.applyAsInt(self.port()),
                      "lane " + (1 - member));
              return member == 0 ? List.of(self, other) : List.of(other, self);
            },
            new Waiting(Duration.ofSeconds(60), () -> false));
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
