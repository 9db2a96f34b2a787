package org.convoyml.spark.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a cluster consists of.
 *
 * @param workers of Spark, each a process that starts executors, from 1 to 8
 * @param cores that each worker offers
 * @param megabytes of memory that each worker offers; what executors really take is their business
 * @param hdfs whether there is a name node and a data node
 * @param settings of Spark for master and workers, such as a secret; applications need them too
 * @param lifetime after which all processes end by themselves, lest a forgotten cluster stays
 */
public record ClusterLayout(
    int workers,
    int cores,
    int megabytes,
    boolean hdfs,
    Map<String, String> settings,
    Duration lifetime) {
  private static final int MOST_WORKERS = 8;

  public ClusterLayout {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new IllegalArgumentException(
          "workers must be from 1 to %d, got %d".formatted(MOST_WORKERS, workers));
    }
    if (cores < 1 || megabytes < 1) {
      throw new IllegalArgumentException(
          "cores and memory must be positive, got %d and %d MB".formatted(cores, megabytes));
    }
    if (lifetime.isNegative() || lifetime.isZero()) {
      throw new IllegalArgumentException("the lifetime must be positive, got " + lifetime);
    }
    settings = Map.copyOf(settings);
  }

  /** Workers without HDFS, with plenty of memory on offer, for as long as a test may take. */
  public static ClusterLayout of(int workers, int cores) {
    return new ClusterLayout(workers, cores, 4096, false, Map.of(), Duration.ofMinutes(30));
  }

  /** The same with a name node and a data node. */
  public ClusterLayout withHdfs() {
    return new ClusterLayout(workers, cores, megabytes, true, settings, lifetime);
  }

  /** The same with one more setting of Spark. */
  public ClusterLayout with(String setting, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(setting, value);
    return new ClusterLayout(workers, cores, megabytes, hdfs, more, lifetime);
  }
}
