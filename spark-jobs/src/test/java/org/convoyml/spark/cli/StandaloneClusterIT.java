package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.convoyml.nn.spec.NetworkJson;
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
  private static Path network;

  @BeforeAll
  static void start() throws IOException {
    cluster = TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(2, 2));
    data = Samples.mnist(folder.resolve("digits"), 100);
    network = folder.resolve("network.json");
    Files.writeString(network, NetworkJson.write(Samples.residualNetwork()));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static byte[] local(String... more) throws IOException {
    Path output = folder.resolve("local" + String.join("", more));
    if (!Files.exists(output)) {
      Result result = train(output, 1, List.of("--master", "local[1]"), more);
      assertThat(result.exitCode()).as(result.err()).isZero();
    }
    return Files.readAllBytes(output.resolve("weights.safetensors"));
  }

  @Test
  void workersInOneExecutorGiveTheWeightsOfOneWorker() throws IOException {
    List<String> options = cluster.submitOptions(2, 2);
    assertThat(remote("together", 2, options)).isEqualTo(local());
    List<String> words = new ArrayList<>(options);
    words.addAll(List.of("evaluate", "--model", "together", "--data", relative(data)));
    Result result = run(words);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("accuracy");
  }

  /** Each lane has weights of its own then, and the optimizer's state is averaged as well. */
  @Test
  void workersInTwoExecutorsThatAverageParametersGiveTheWeightsOfOneWorker() throws IOException {
    String[] averaging = {
      "--sync=parameters", "--averaging-frequency=2", "--optimizer=adam", "--precision=bf16"
    };
    assertThat(remote("averaged", 2, cluster.submitOptions(2, 1), averaging))
        .isEqualTo(local(averaging));
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

  private static byte[] remote(String name, int workers, List<String> sparkOptions, String... more)
      throws IOException {
    Path output = folder.resolve(name);
    Result result = train(output, workers, sparkOptions, more);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains(workers + " workers").doesNotContain("Exception");
    return Files.readAllBytes(output.resolve("weights.safetensors"));
  }

  /**
   * With all that workers tell each other: gradients, their norm, statistics, evaluations. Paths
   * are relative to where the command runs, which is not where executors run.
   */
  private static Result train(Path output, int workers, List<String> sparkOptions, String... more) {
    List<String> words = new ArrayList<>(sparkOptions);
    words.addAll(List.of("train", "--data", relative(data)));
    words.addAll(List.of("--network", network.toString()));
    words.addAll(List.of("--clip-norm", "1", "--validation-split", "0.2", "--patience", "5"));
    words.addAll(List.of(more));
    words.addAll(List.of("--epochs", "2", "--batch-size", "32"));
    words.addAll(List.of("--workers", String.valueOf(workers)));
    words.addAll(List.of("--output", relative(output)));
    return run(words);
  }

  private static String relative(Path path) {
    return folder.relativize(path).toString();
  }

  private static Result run(List<String> words) {
    return ConvoyProcess.here()
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .from(folder)
        .run(words.toArray(String[]::new));
  }
}
