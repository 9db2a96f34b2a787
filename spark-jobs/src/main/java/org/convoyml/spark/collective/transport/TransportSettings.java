package org.convoyml.spark.collective.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.util.TransportConf;
import org.convoyml.nn.ConvoyException;
import scala.Option;

/**
 * Where an executor listens, and how connections are authenticated and encrypted.
 *
 * @param conf Spark's settings of networks, of module {@value #MODULE}
 * @param secrets Spark's own secret; null if Spark does not authenticate
 * @param application id of the application, by which the secret is found
 * @param executor id of this executor, for messages
 * @param host by which others reach this executor
 * @param port to listen on; 0 for any
 */
public record TransportSettings(
    TransportConf conf,
    SecretKeyHolder secrets,
    String application,
    String executor,
    String host,
    int port) {
  /** Settings {@code spark.convoy.io.…} are ours alone, as Spark has them for shuffles. */
  public static final String MODULE = "convoy";

  /** Setting of the port; with several executors on a machine, the next free ones are taken. */
  public static final String PORT = "spark.convoy.port";

  /** Each direction of the network has as many threads; an executor has few connections. */
  private static final int THREADS = 2;

  public TransportSettings {
    if (conf.encryptionEnabled() && conf.cipherTransformation().contains("GCM")) {
      throw new ConvoyException(
          "spark.network.crypto.cipher: %s breaks with several messages on a connection in this Spark (SPARK-56227): set AES/CTR/NoPadding"
              .formatted(conf.cipherTransformation()));
    }
    if (port < 0 || port > 65_535) {
      throw noPort(String.valueOf(port), null);
    }
  }

  /** Those of the executor, or driver in local mode, in which this runs. */
  public static TransportSettings ofExecutor() {
    SparkEnv spark = SparkEnv.get();
    return of(
        spark.conf(),
        spark.securityManager().isAuthenticationEnabled() ? spark.securityManager() : null,
        spark.executorId(),
        spark.blockManager().blockManagerId().host());
  }

  /**
   * Those that a Spark configuration says.
   *
   * @param secrets null if Spark does not authenticate
   */
  public static TransportSettings of(
      SparkConf conf, SecretKeyHolder secrets, String executor, String host) {
    return new TransportSettings(
        SparkTransportConf.fromSparkConf(conf, MODULE, THREADS, Option.empty()),
        secrets,
        conf.getAppId(),
        executor,
        host,
        port(conf));
  }

  private static int port(SparkConf conf) {
    String port = conf.get(PORT, "0");
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw noPort("'" + port + "'", e);
    }
  }

  private static ConvoyException noPort(String found, Exception cause) {
    return new ConvoyException(
        "%s: expected a port, got %s: set 1 to 65535, or 0 for any".formatted(PORT, found), cause);
  }

  /**
   * The address to listen at: the host's, or all of this machine (null) where the host's belongs to
   * a router or a container's outside.
   */
  String bindHost() {
    try {
      InetAddress address = InetAddress.getByName(host);
      return NetworkInterface.getByInetAddress(address) == null ? null : host;
    } catch (IOException e) {
      throw new ConvoyException("%s: no such host: %s".formatted(host, e.getMessage()), e);
    }
  }
}
