package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark's own secret, as a task finds it: in local mode one that Spark makes up and leaves with the
 * JVM's user, hence a JVM of its own.
 */
@Timeout(120)
class ExecutorSettingsTest {
  @TempDir private Path folder;

  /** Says on standard output what a task finds, and whose it is. */
  public static final class Driver {
    private Driver() {}

    /**
     * @param arguments Spark's master, and whether it authenticates
     */
    public static void main(String[] arguments) {
      try (SparkSession session =
          SparkSession.builder()
              .master(arguments[0])
              .appName("settings")
              .config("spark.ui.enabled", false)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.authenticate", arguments[1])
              .getOrCreate()) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        String application = spark.sc().applicationId();
        System.out.println(
            spark.parallelize(List.of(application), 1).map(Driver::found).collect().get(0));
      }
    }

    private static String found(String application) {
      TransportSettings settings = TransportSettings.ofExecutor();
      String secret =
          settings.secrets() == null
              ? "none"
              : settings
                      .secrets()
                      .getSecretKey(settings.application())
                      .equals(SparkEnv.get().securityManager().getSecretKey())
                  ? "Spark's"
                  : "another";
      return "executor %s, %s application, secret: %s"
          .formatted(
              settings.executor(),
              application.equals(settings.application()) ? "same" : "another",
              secret);
    }
  }

  @Test
  void aTaskHasTheSecretOfItsSpark() throws Exception {
    assertThat(found("local[1]", true))
        .isEqualTo("executor driver, same application, secret: Spark's");
  }

  @Test
  void withoutAuthenticationThereIsNone() throws Exception {
    assertThat(found("local[1]", false))
        .isEqualTo("executor driver, same application, secret: none");
  }

  private String found(String master, boolean authenticate)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Driver.class.getName()));
    command.addAll(List.of(master, String.valueOf(authenticate)));
    Path output = folder.resolve("output");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> read(log)).isZero();
    return read(output).strip();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
