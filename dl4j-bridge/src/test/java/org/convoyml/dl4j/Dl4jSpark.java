package org.convoyml.dl4j;

import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.SparkSession;
import org.convoyml.spark.ConvoyKryoRegistrator;
import org.nd4j.kryo.Nd4jRegistrator;

/** The real Spark session that tests share, as {@code scripts/convoy} sets it for dl4j-spark. */
public final class Dl4jSpark {
  private Dl4jSpark() {}

  /** The shared session. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("dl4j-bridge tests")
        .config("spark.serializer", KryoSerializer.class.getName())
        .config(
            "spark.kryo.registrator",
            ConvoyKryoRegistrator.class.getName() + "," + Nd4jRegistrator.class.getName())
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }
}
