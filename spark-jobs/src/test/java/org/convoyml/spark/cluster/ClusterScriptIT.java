package org.convoyml.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.RunningConvoy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cluster itself: as the script starts it, and as tests use it. */
@Timeout(240)
class ClusterScriptIT {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  /** What the script prints, and its exit code in front. */
  private String script(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ConvoyProcess.repository().resolve("scripts/test-cluster.sh").toString());
    command.addAll(List.of(words));
    command.add("--folder=" + folder);
    // Not a pipe: a daemon that has inherited it would keep its end open.
    Path output = Files.createTempFile(folder, "script", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(MINUTE.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      fail("%s did not end in time: %s", String.join(" ", command), Files.readString(output));
    }
    return process.exitValue() + " " + Files.readString(output);
  }

  @Test
  void theScriptStartsStopsAndSaysWhatThereIs() throws Exception {
    assertThat(script("status")).isEqualTo("1 no cluster in " + folder + "\n");
    try {
      assertThat(script("start", "--workers=2", "--cores=1"))
          .startsWith("0 spark  spark://127.0.0.1:")
          .contains("scripts/convoy --master spark://127.0.0.1:");
      TestCluster cluster = TestCluster.in(folder).orElseThrow();
      assertThat(cluster.daemons()).hasSize(3).allMatch(Daemon::isRunning);
      assertThat(script("status")).startsWith("0 spark  " + cluster.sparkUrl());
      assertThat(script("start"))
          .isEqualTo(
              "1 test-cluster: a cluster runs already in %s: %s; stop it first\n"
                  .formatted(folder, cluster.sparkUrl()));

      List<Daemon> daemons = cluster.daemons();
      daemons.get(1).process().orElseThrow().destroyForcibly();
      Processes.await(() -> !daemons.get(1).isRunning());
      assertThat(script("status")).startsWith("1 ").containsPattern("worker1 .* has ended");

      assertThat(script("stop")).isEqualTo("0 stopped\n");
      assertThat(daemons).noneMatch(Daemon::isRunning);
    } finally {
      script("stop");
    }
  }

  @Test
  void executorsCanBeFoundPausedAndKilled() {
    Path data = Samples.mnist(folder.resolve("digits"), 100);
    List<String> words = new ArrayList<>();
    try (TestCluster cluster = TestCluster.start(folder, ClusterLayout.of(2, 1))) {
      words.addAll(cluster.submitOptions(2, 1));
      words.addAll(List.of("train", "--data", data.toString(), "--model", "lenet"));
      words.addAll(List.of("--epochs", "1000", "--workers", "2"));
      words.addAll(List.of("--output", folder.resolve("model").toString()));
      try (RunningConvoy training =
          ConvoyProcess.here()
              .with("SPARK_LOCAL_IP", Commands.HOST)
              .start(words.toArray(String[]::new))) {
        training.awaitErr(Pattern.compile("epoch +1/1000 .*\n"), MINUTE);
        List<ExecutorProcess> executors = cluster.awaitExecutors(number -> number == 2);
        assertThat(executors).extracting(ExecutorProcess::id).containsExactly(0, 1);
        assertThat(executors.get(0).application()).isEqualTo(executors.get(1).application());

        executors.get(1).pause();
        assertThat(Processes.await(() -> state(executors.get(1)).equals("T"))).isTrue();
        executors.get(1).resume();
        assertThat(Processes.await(() -> !state(executors.get(1)).equals("T"))).isTrue();

        executors.get(0).kill();
        assertThat(cluster.executors())
            .extracting(ExecutorProcess::pid)
            .doesNotContain(executors.get(0).pid());
        assertThat(training.kill().exitCode()).isNotZero();
      }
      assertThat(cluster.awaitExecutors(number -> number == 0)).isEmpty();
      assertThat(cluster.executorLogs()).contains("/0/stderr:\n");
    }
  }

  /** The letter by which the operating system says what a process does. */
  private static String state(ExecutorProcess executor) {
    try {
      String status = Files.readString(Path.of("/proc", String.valueOf(executor.pid()), "stat"));
      return status.substring(status.lastIndexOf(')') + 2).substring(0, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
