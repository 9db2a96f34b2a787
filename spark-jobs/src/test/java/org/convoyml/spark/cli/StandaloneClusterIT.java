package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.cluster.ClusterLayout;
import org.convoyml.spark.cluster.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where driver and executors are processes of their own. */
@Timeout(300)
class StandaloneClusterIT {
  @TempDir private static Path folder;
  private static TestCluster cluster;
  private static Path data;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(2, 2));
    data = Samples.mnist(folder.resolve("digits"), 100);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static byte[] local() throws IOException {
    Path output = folder.resolve("local");
    if (!Files.exists(output)) {
      Result result = train(output, 1, List.of("--master", "local[1]"));
      assertThat(result.exitCode()).as(result.err()).isZero();
    }
    return Files.readAllBytes(output.resolve("weights.safetensors"));
  }

  @Test
  void workersInOneExecutorGiveTheWeightsOfOneWorker() throws IOException {
    assertThat(remote("together", 2, cluster.submitOptions(2, 2))).isEqualTo(local());
  }

  @Test
  void workersInTwoExecutorsGiveTheWeightsOfOneWorker() throws IOException {
    assertThat(remote("apart", 2, cluster.submitOptions(2, 1))).isEqualTo(local());
  }

  /** Whoever comes second takes the next port, in every round. */
  @Test
  void executorsOnOneMachineMayHaveTheSamePort() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> options = new ArrayList<>(cluster.submitOptions(2, 1));
    options.addAll(List.of("--conf", "spark.convoy.port=" + port));
    assertThat(remote("port", 2, options)).isEqualTo(local());
  }

  /** Two workers in one executor, one or two in another. */
  @Test
  void someWorkersTogetherAndSomeApartGiveTheWeightsOfOneWorker() throws IOException {
    for (int workers : new int[] {3, 4}) {
      assertThat(remote("mixed" + workers, workers, cluster.submitOptions(4, 2)))
          .as("%d workers", workers)
          .isEqualTo(local());
    }
  }

  @Test
  void authenticationAndEncryptionChangeNothing() throws IOException {
    Map<String, String> settings =
        Map.of(
            "spark.authenticate", "true",
            "spark.authenticate.secret", "known to this test alone",
            "spark.network.crypto.enabled", "true");
    ClusterLayout layout = ClusterLayout.of(2, 1);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      layout = layout.with(setting.getKey(), setting.getValue());
    }
    try (TestCluster guarded = TestCluster.start(folder.resolve("guarded"), layout)) {
      List<String> options = new ArrayList<>(guarded.submitOptions(2, 1));
      settings.forEach((name, value) -> options.addAll(List.of("--conf", name + "=" + value)));
      assertThat(remote("secret", 2, options)).isEqualTo(local());
    }
  }

  private static byte[] remote(String name, int workers, List<String> sparkOptions)
      throws IOException {
    Path output = folder.resolve(name);
    Result result = train(output, workers, sparkOptions);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains(workers + " workers").doesNotContain("Exception");
    return Files.readAllBytes(output.resolve("weights.safetensors"));
  }

  private static Result train(Path output, int workers, List<String> sparkOptions) {
    List<String> words = new ArrayList<>(sparkOptions);
    words.addAll(List.of("train", "--data", data.toString(), "--model", "lenet"));
    words.addAll(List.of("--epochs", "2", "--batch-size", "32"));
    words.addAll(List.of("--workers", String.valueOf(workers)));
    words.addAll(List.of("--output", output.toString()));
    return ConvoyProcess.here()
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .run(words.toArray(String[]::new));
  }
}
