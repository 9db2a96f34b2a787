package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.cluster.BarrierAnnouncer;
import org.convoyml.spark.cluster.ClusterLayout;
import org.convoyml.spark.cluster.ExecutorProcess;
import org.convoyml.spark.cluster.TestCluster;
import org.convoyml.spark.model.HadoopFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is killed, the weights are those of an undisturbed training. */
@Timeout(300)
class FaultsIT {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int EPOCHS = 5;
  private static final String TEST_CLASSES =
      ConvoyProcess.repository().resolve("spark-jobs/target/test-classes").toString();

  @TempDir private static Path folder;
  private static TestCluster cluster;
  private static Path data;
  private static byte[] undisturbed;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(3, 1).withHdfs());
    data = Samples.mnist(folder.resolve("digits"), 2000);
    String output = folder.resolve("undisturbed").toString();
    Result result = ended(start(List.of("--master", "local[1]"), output));
    assertThat(result.exitCode()).as(result.err()).isZero();
    undisturbed = weights(output);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void anExecutorThatIsKilledCostsARoundAndNotABit() {
    String output = cluster.hdfsUrl() + "/killed";
    try (RunningConvoy training = start(onCluster(2), output, "--workers", "2")) {
      awaitRound(training, 2);
      cluster.executors().get(1).kill();
      // The third was the second again.
      awaitRound(training, 5);
      cluster.executors().get(0).kill();
      Result result = ended(training);
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.err())
          .contains("2,000 images in, 2,000 trained, 0 quarantined, 0 duplicates, 0 missing")
          .doesNotContain("Exception");
      assertThat(
              Pattern.compile("warning: epoch \\d: .*; again from step 1\n")
                  .matcher(result.err())
                  .results())
          .as("one round again for each executor: %s", result.err())
          .hasSize(2);
      assertThat(weights(output)).isEqualTo(undisturbed);
      assertThat(exists(output + ".checkpoints")).isFalse();
    }
  }

  /** Also if the newest of what it left is damaged. */
  @Test
  void aDriverThatIsKilledIsSucceededByAnother() {
    String output = cluster.hdfsUrl() + "/orphan";
    try (RunningConvoy first =
        start(onCluster(2), output, "--workers", "2", "--checkpoint-every", "7")) {
      // There are three rounds in an epoch.
      awaitRound(first, 4);
      first.kill();
    }
    cluster.awaitExecutors(number -> number == 0);
    assertThat(exists(output)).isFalse();
    org.apache.hadoop.fs.Path damaged = damageNewest(output + ".checkpoints");
    Result refused = ended(start(List.of("--master", "local[1]"), output));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("--resume goes on from there");
    Result result = ended(start(onCluster(3), output, "--workers", "3", "--resume"));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("warning: " + damaged + ": expected CRC-32C")
        .containsPattern("goes on from epoch \\d, step (1|8|15)\n");
    assertThat(weights(output)).isEqualTo(undisturbed);
  }

  /** A machine that stands still is not gone; who waits for it says who it is. */
  @Test
  void aWorkerThatStallsIsNamedWhenTheDeadlineHasPassed() throws InterruptedException {
    String output = folder.resolve("stalled").toString();
    try (RunningConvoy training =
        startWith("resnet9", onCluster(2), output, "--workers", "2", "--timeout", "5")) {
      awaitRound(training, 1);
      // Well into the steps, of which there are many seconds.
      Thread.sleep(4000);
      ExecutorProcess stalled = cluster.executors().get(0);
      stalled.pause();
      Result result;
      try {
        result = ended(training);
      } finally {
        stalled.resume();
      }
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .containsPattern(
              "(reduce|gather) of step \\d+: nothing came for 5 s from worker \\d \\(executor "
                  + stalled.id()
                  + " at 127\\.0\\.0\\.1:\\d+, lanes \\d to \\d\\)");
      assertThat(Path.of(output + ".checkpoints")).doesNotExist();
    }
  }

  /** A machine is gone for good, so that one worker fewer is left. */
  @Test
  void trainingGoesOnWithTheWorkersThatAreLeft() throws IOException {
    try (TestCluster shrinking =
        TestCluster.start(folder.resolve("shrinking"), ClusterLayout.of(2, 1))) {
      String output = folder.resolve("shrunk").toString();
      try (RunningConvoy training =
          start(shrinking.submitOptions(2, 1), output, "--workers", "2", "--timeout", "15")) {
        awaitRound(training, 2);
        ExecutorProcess lost = shrinking.executors().get(0);
        // Spark's worker would start another executor.
        lost.process().parent().orElseThrow().destroyForcibly();
        lost.kill();
        Result result = ended(training);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("1 worker(s) from step 1 on, before 2");
        assertThat(weights(output)).isEqualTo(undisturbed);
      }
    }
  }

  /** Waits until the workers of a round begin; attempts that failed count too. */
  private static void awaitRound(RunningConvoy training, int round) {
    // The first barrier stage is that of the preflight. Each has the whole time for itself.
    for (int stage = 1; stage <= 1 + round; stage++) {
      training.awaitErr(Pattern.compile("barrier stage " + stage + " has started"), DEADLINE);
    }
  }

  private static RunningConvoy start(List<String> sparkOptions, String output, String... more) {
    return startWith("lenet", sparkOptions, output, more);
  }

  private static RunningConvoy startWith(
      String model, List<String> sparkOptions, String output, String... more) {
    List<String> words = new ArrayList<>(sparkOptions);
    words.addAll(List.of("--driver-class-path", TEST_CLASSES));
    words.addAll(List.of("--conf", "spark.extraListeners=" + BarrierAnnouncer.class.getName()));
    words.addAll(List.of("train", "--data", data.toString(), "--model", model));
    words.addAll(List.of("--epochs", String.valueOf(EPOCHS), "--optimizer", "adamw"));
    words.addAll(List.of("--learning-rate", "0.001", "--ema", "0.99"));
    words.addAll(List.of("--augment", "rotate(10), translate(0.07)", "--output", output));
    words.addAll(List.of(more));
    return ConvoyProcess.here()
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .start(words.toArray(String[]::new));
  }

  private static Result ended(RunningConvoy training) {
    try (training) {
      return training.await();
    }
  }

  private static List<String> onCluster(int cores) {
    return cluster.submitOptions(cores, 1);
  }

  private static byte[] weights(String model) {
    try {
      if (!model.contains(":")) {
        return Files.readAllBytes(Path.of(model, "weights.safetensors"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (HadoopFiles files = HadoopFiles.of(new Configuration(), model)) {
      return files.read(
          new org.apache.hadoop.fs.Path(model, "weights.safetensors"),
          (in, length) -> in.readAllBytes());
    }
  }

  /** Turns a bit of the newest checkpoint's weights. */
  private static org.apache.hadoop.fs.Path damageNewest(String checkpoints) {
    try (HadoopFiles files = HadoopFiles.of(new Configuration(), checkpoints)) {
      org.apache.hadoop.fs.Path newest =
          files.list(new org.apache.hadoop.fs.Path(checkpoints)).stream()
              .filter(path -> path.getName().matches("round-\\d+"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(newest, "weights.safetensors");
      byte[] content = files.read(file, (in, length) -> in.readAllBytes());
      content[content.length / 2] ^= 1;
      files.replace(file, content);
      return file;
    }
  }

  private static boolean exists(String path) {
    try (HadoopFiles files = HadoopFiles.of(new Configuration(), path)) {
      return files.exists(new org.apache.hadoop.fs.Path(path));
    }
  }
}
