package org.convoyml.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code convoy doctor} on two executors. */
@Timeout(180)
class DoctorIT {
  @TempDir private static Path folder;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(2, 1));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Result doctor(List<String> sparkOptions, String... options) {
    List<String> words = new ArrayList<>(cluster.submitOptions(2, 1));
    words.addAll(sparkOptions);
    words.add("doctor");
    words.addAll(List.of(options));
    return ConvoyProcess.here()
        .with("SPARK_LOCAL_IP", Commands.HOST)
        .run(words.toArray(String[]::new));
  }

  private static void assertFails(Result result, String... lines) {
    assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    List<String> failures = result.out().lines().filter(line -> line.contains(" FAILED ")).toList();
    assertThat(failures).hasSize(lines.length);
    for (int i = 0; i < lines.length; i++) {
      assertThat(failures.get(i)).matches(lines[i]);
    }
    assertThat(result.out().lines())
        .last()
        .isEqualTo("not ready to train: " + lines.length + " failed");
  }

  @Test
  void aReadyClusterIsReady() throws IOException {
    Path place = Files.createDirectory(folder.resolve("models"));
    Result result =
        doctor(
            List.of("--conf", "spark.executor.memoryOverhead=1g"),
            "--workers",
            "2",
            "--model",
            "lenet",
            "--output",
            place.resolve("mine").toString(),
            "--checkpoints",
            place.resolve("states").toString());
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("slots        ok       2, of 1 cores, for 2 workers\n")
        .containsPattern("native       ok       oneDNN 3\\S+ .* on 2 executors\n")
        .contains("connections  ok       exchanged 16384 floats with each other, 2 executors\n")
        .containsPattern("versions     ok .*, Convoy \\S+ \\(\\p{XDigit}{8}\\) on the driver and 2")
        .containsPattern("memory       ok       each worker takes \\d+ MB of native memory")
        .contains(place.resolve("states") + ": written and read by the driver and 2 executors\n")
        .endsWith("ready to train\n");
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    assertFails(
        doctor(
            List.of("--conf", "spark.executor.memoryOverhead=100m"),
            "--workers=3",
            "--wait=20",
            "--model=resnet20",
            "--output=/proc/models/mine"),
        "slots .* expected 3 task slots of 1 cores at once, found 2; .*fewer --workers.*",
        "places .* driver: expected to write /proc/models/mine: /proc/\\S+: cannot create: refused;"
            + " choose a directory .*",
        "memory .* executor 0 .* found 100 MB.*; set --conf spark.executor.memoryOverhead=\\d+m .*",
        "memory .* executor 1 .* found 100 MB.*; set --conf spark.executor.memoryOverhead=\\d+m"
            + " .*");
  }

  /** To each process its own directory is another: as a local file is on each machine. */
  @Test
  void aPlaceThatExecutorsDoNotSeeIsNamed() {
    assertFails(
        doctor(List.of(), "--workers=2", "--output=/proc/self/cwd/models/own"),
        "places .* executor 0 .*: /proc/self/cwd/models/own: .*/driver: no such file; choose a"
            + " directory .*",
        "places .* executor 1 .*: /proc/self/cwd/models/own: .*/driver: no such file; choose a"
            + " directory .*");
    assertThat(ConvoyProcess.repository().resolve("models/own")).doesNotExist();
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(Commands.HOST))) {
      String line =
          "connections .* executor %d \\(127.0.0.1\\): executor %d cannot listen at 127.0.0.1:"
              + taken.getLocalPort()
              + ": Address already in use: set spark.convoy.port; let executors listen .*";
      assertFails(
          doctor(
              List.of(
                  "--conf",
                  "spark.convoy.port=" + taken.getLocalPort(),
                  "--conf",
                  "spark.port.maxRetries=0",
                  "--conf",
                  "spark.ui.enabled=false"), // whose port may be taken too
              "--workers=2"),
          line.formatted(0, 0),
          line.formatted(1, 1));
    }
  }

  /** With these, Spark would wait for executors that never come. */
  @Test
  void settingsThatCannotWorkAreNamedBeforeSparkStarts() {
    Result result =
        doctor(
            List.of(
                "--conf",
                "spark.dynamicAllocation.enabled=true",
                "--conf",
                "spark.authenticate=true",
                "--conf",
                "spark.authenticate.secret=known",
                "--conf",
                "spark.network.crypto.enabled=true",
                "--conf",
                "spark.network.crypto.cipher=AES/GCM/NoPadding"));
    assertFails(
        result,
        "allocation .*; set spark.dynamicAllocation.enabled=false and spark.executor.instances",
        "network .* spark.network.crypto.cipher: AES/GCM/NoPadding breaks .*: set"
            + " AES/CTR/NoPadding; .*");
    assertThat(result.took()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void executorsThatFitOnNoMachineAreNotWaitedForForEver() {
    Result result = doctor(List.of("--executor-memory", "100g"), "--workers=2", "--wait=5");
    assertFails(
        result,
        "slots .* expected 2 task slots .*, found 0; let the cluster have machines on which .*");
    assertThat(result.out()).contains("native       -        not checked: no executor");
  }
}
