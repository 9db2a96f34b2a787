package org.convoyml.benchmarks.peers;

import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.serializer.KryoSerializer;

/** Spark in this process. */
final class LocalSpark {
  private LocalSpark() {}

  /** With Kryo, and a core for each worker. */
  static SparkConf conf(String name, int workers, Class<? extends KryoRegistrator> registrator) {
    return new SparkConf()
        .setMaster("local[%d]".formatted(workers))
        .setAppName(name)
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.serializer", KryoSerializer.class.getName())
        .set("spark.kryo.registrator", registrator.getName());
  }
}
