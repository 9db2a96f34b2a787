package org.convoyml.spark.cluster;

import static java.util.stream.Collectors.joining;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.convoyml.spark.cli.ConvoyProcess;

/** How daemons are started from what Maven has put together. */
final class Commands {
  static final String HOST = "127.0.0.1";

  private static final String DAEMON_HEAP = "256m";
  private static final String DRIVER_HEAP = "1g";

  private static final Path TARGET = ConvoyProcess.repository().resolve("spark-jobs/target");
  private static final Path SPARK = TARGET.resolve("spark");
  private static final Path HDFS = TARGET.resolve("hdfs");
  private static final Path LOG_SETTINGS =
      ConvoyProcess.repository().resolve("scripts/log/cluster.properties");

  /** What Spark's own scripts set. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("SPARK_HOME", SPARK.toString(), "SPARK_SCALA_VERSION", "2.12", "SPARK_LOCAL_IP", HOST);

  private Commands() {}

  /** Says what is missing before something fails for want of it. */
  static void checkBuilt(boolean hdfs) {
    for (Path folder : hdfs ? List.of(SPARK, HDFS) : List.of(SPARK)) {
      if (!Files.isDirectory(folder.resolve("jars"))) {
        throw new IllegalStateException(
            folder
                + " is missing: run mvn -DskipTests -pl spark-jobs -am pre-integration-test first");
      }
    }
  }

  /** A master or worker of Spark on any free port. */
  static List<String> spark(String daemon, Map<String, String> settings, String... options) {
    List<String> properties =
        settings.entrySet().stream().map(e -> "-D" + e.getKey() + "=" + e.getValue()).toList();
    List<String> arguments =
        new ArrayList<>(List.of("--host", HOST, "--port", "0", "--webui-port", "0"));
    arguments.addAll(List.of(options));
    return java(SPARK.resolve("jars") + "/*", DAEMON_HEAP, properties, daemon, arguments);
  }

  /** A name node or data node of HDFS. Settings go to Hadoop, options to the daemon. */
  static List<String> hdfs(String daemon, Map<String, String> settings, String... options) {
    List<String> arguments = new ArrayList<>();
    settings.forEach((name, value) -> arguments.addAll(List.of("-D", name + "=" + value)));
    arguments.addAll(List.of(options));
    String classPath =
        Stream.of(HDFS, SPARK).map(folder -> folder.resolve("jars") + "/*").collect(joining(":"));
    return java(classPath, DAEMON_HEAP, List.of(), daemon, arguments);
  }

  /**
   * A driver written for a test, with the packaged Convoy that it sends to its executors.
   *
   * @param settings of Spark
   */
  static List<String> driver(Class<?> main, Map<String, String> settings, Object... arguments) {
    Path convoy = TARGET.resolve("convoy.jar");
    List<String> properties =
        new ArrayList<>(
            settings.entrySet().stream().map(e -> "-D" + e.getKey() + "=" + e.getValue()).toList());
    properties.add("-Dspark.jars=" + convoy);
    String classPath =
        Stream.of(convoy, TARGET.resolve("test-classes"), SPARK.resolve("jars") + "/*")
            .map(Object::toString)
            .collect(joining(":"));
    return java(
        classPath,
        DRIVER_HEAP,
        properties,
        main.getName(),
        Stream.of(arguments).map(Object::toString).toList());
  }

  private static List<String> java(
      String classPath, String heap, List<String> properties, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(properties);
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j2.configurationFile=" + LOG_SETTINGS);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }
}
