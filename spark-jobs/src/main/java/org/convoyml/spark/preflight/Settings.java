package org.convoyml.spark.preflight;

import static org.convoyml.spark.preflight.Finding.failed;
import static org.convoyml.spark.preflight.Finding.ok;
import static org.convoyml.spark.preflight.Finding.warning;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.package$;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.ConvoyKryoRegistrator;
import org.convoyml.spark.collective.transport.TransportSettings;
import scala.util.Properties;

/** What can be known before there is a cluster: with some settings there will never be one. */
final class Settings {
  private static final String KRYO = "org.apache.spark.serializer.KryoSerializer";
  private static final String SPARK_VERSION = "3.5.";
  private static final String SCALA_VERSION = "2.12.";
  private static final String PLACE_OF_SETTINGS =
      "correct it in --conf before the command, or in spark-defaults.conf";

  private Settings() {}

  static List<Finding> check(SparkConf conf) {
    return List.of(
        version(package$.MODULE$.SPARK_VERSION(), Properties.versionNumberString()),
        allocation(conf),
        network(conf),
        serializer(conf));
  }

  static Finding version(String spark, String scala) {
    String found = "Spark %s, Scala %s".formatted(spark, scala);
    return spark.startsWith(SPARK_VERSION) && scala.startsWith(SCALA_VERSION)
        ? ok(Preflight.SPARK, found)
        : failed(
            Preflight.SPARK,
            "driver: expected Spark 3.5 for Scala 2.12, found " + found,
            "set SPARK_HOME to a Spark 3.5 for Scala 2.12, or leave it unset for the embedded one");
  }

  private static Finding allocation(SparkConf conf) {
    return conf.getBoolean("spark.dynamicAllocation.enabled", false)
        ? failed(
            Preflight.ALLOCATION,
            "spark.dynamicAllocation.enabled is true: Spark runs no barrier stage under dynamic"
                + " allocation",
            Slots.STATIC_ALLOCATION)
        : ok(Preflight.ALLOCATION, "executors are not allocated dynamically");
  }

  /** The rules are those of the transport, which refuses what breaks. */
  private static Finding network(SparkConf conf) {
    try {
      TransportSettings settings =
          TransportSettings.of(
              conf.clone().setIfMissing("spark.app.id", "preflight"), null, "driver", "localhost");
      String port = settings.port() == 0 ? "any port" : "port " + settings.port();
      String encryption =
          settings.conf().encryptionEnabled()
              ? "encrypted with " + settings.conf().cipherTransformation()
              : "not encrypted";
      return ok(Preflight.NETWORK, port + ", " + encryption);
    } catch (ConvoyException e) {
      // It says what to set, too.
      return failed(Preflight.NETWORK, e.getMessage(), PLACE_OF_SETTINGS);
    }
  }

  private static Finding serializer(SparkConf conf) {
    String registrator = ConvoyKryoRegistrator.class.getName();
    if (conf.get("spark.serializer", "").equals(KRYO)
        && conf.get("spark.kryo.registrator", "").contains(registrator)) {
      return ok(Preflight.SERIALIZER, "Kryo, with Convoy's registrator");
    }
    return warning(
        Preflight.SERIALIZER,
        "expected Kryo with Convoy's registrator, found spark.serializer=%s, spark.kryo.registrator=%s: shuffles are slower and larger"
            .formatted(
                conf.get("spark.serializer", "none"), conf.get("spark.kryo.registrator", "none")),
        "set spark.serializer=%s and spark.kryo.registrator=%s, as scripts/convoy does"
            .formatted(KRYO, registrator));
  }
}
