package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where driver and executors are processes of their own. */
@Timeout(240)
class StandaloneClusterIT {
  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static Path data;

  @BeforeAll
  static void start() {
    cluster = new StandaloneCluster(2, folder.resolve("work"));
    data = Samples.mnist(folder.resolve("digits"), 100);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aClusterGivesTheSameWeightsAsThisMachine() {
    Path remote = folder.resolve("remote");
    Result result = train(remote, onCluster(2));
    assertThat(result.err()).contains("2 workers").doesNotContain("Exception");
    assertThat(result.exitCode()).isZero();
    Path local = folder.resolve("local");
    assertThat(train(local, List.of("--master", "local[2]")).exitCode()).isZero();
    assertThat(remote.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(local.resolve("weights.safetensors"));
  }

  @Test
  void workersInTwoProcessesAreRefusedInOneLine() {
    Path output = folder.resolve("never");
    Result result = train(output, onCluster(1));
    assertThat(result.err().lines().filter(line -> line.startsWith("convoy: ")))
        .singleElement()
        .asString()
        .matches(
            "convoy: workers must share one JVM, but they run in 2:"
                + " \\[127\\.0\\.0\\.1:\\d+, 127\\.0\\.0\\.1:\\d+\\]; use one executor .*");
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(output).doesNotExist();
    assertThat(folder).isDirectoryNotContaining("glob:**/never*");
  }

  private static List<String> onCluster(int coresPerExecutor) {
    return List.of(
        "--master",
        cluster.url(),
        "--total-executor-cores",
        "2",
        "--executor-cores",
        String.valueOf(coresPerExecutor),
        "--executor-memory",
        "1g",
        "--driver-memory",
        "1g");
  }

  private static Result train(Path output, List<String> sparkOptions) {
    List<String> words = new ArrayList<>(sparkOptions);
    words.addAll(List.of("train", "--data", data.toString(), "--model", "lenet"));
    words.addAll(List.of("--epochs", "2", "--batch-size", "32", "--workers", "2"));
    words.addAll(List.of("--output", output.toString()));
    return ConvoyProcess.here()
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .run(words.toArray(String[]::new));
  }
}
