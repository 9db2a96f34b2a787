package org.convoyml.spark.cli;

import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.convoyml.spark.ConvoyKryoRegistrator;
import org.convoyml.spark.preflight.Slots;

/** Runs something on Spark and stops Spark afterwards. */
final class SparkRun {
  private SparkRun() {}

  /**
   * With the configuration of spark-submit, completed by what Convoy needs where it says nothing.
   * Waits for executors to come.
   */
  static <T> T with(Function<SparkSession, T> work) {
    return withoutWaiting(
        session -> {
          Slots.awaitOne(session.sparkContext());
          return work.apply(session);
        });
  }

  /** The same, whether or not there are executors. */
  static <T> T withoutWaiting(Function<SparkSession, T> work) {
    try (SparkSession session = SparkSession.builder().config(conf()).getOrCreate()) {
      return work.apply(session);
    }
  }

  /** The configuration with which Spark would be started. */
  static SparkConf conf() {
    return new SparkConf()
        .setIfMissing("spark.master", "local[*]")
        .setIfMissing("spark.app.name", "convoy")
        // Convoy counts slots itself; if executors go away after that, Spark need not hope for
        // long.
        .setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
        .setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "10")
        .setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .setIfMissing("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName());
  }
}
