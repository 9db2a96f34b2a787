package org.convoyml.spark;

import java.util.Map;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.SparkSession;

/**
 * The real Spark session that tests share, with eight task slots and with every class that passes
 * through Kryo registered by name. Started when it is first wanted, and again when somebody stopped
 * it; the JVM's end stops it.
 */
public final class LocalSpark {
  public static final int SLOTS = 8;

  private LocalSpark() {}

  /** The shared session. */
  public static SparkSession session() {
    return builder().getOrCreate();
  }

  /** A session with more settings in place of the shared one; stop it. */
  public static SparkSession restartedWith(Map<String, String> settings) {
    session().stop();
    SparkSession.Builder builder = builder();
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  private static SparkSession.Builder builder() {
    return SparkSession.builder()
        .master("local[" + SLOTS + "]")
        .appName("spark-jobs tests")
        .config("spark.serializer", KryoSerializer.class.getName())
        .config("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName())
        .config("spark.kryo.registrationRequired", true)
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1");
  }
}
