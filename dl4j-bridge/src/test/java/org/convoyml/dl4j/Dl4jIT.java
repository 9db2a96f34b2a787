package org.convoyml.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.cluster.ClusterLayout;
import org.convoyml.spark.cluster.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/convoy} adds Deeplearning4j where it is asked for, on a cluster too. */
@Timeout(300)
class Dl4jIT {
  @TempDir private Path folder;

  @Test
  void itsEngineAndItsTrainerRunOnACluster() throws IOException {
    Path data = Samples.mnist(folder.resolve("digits"), 64);
    try (TestCluster cluster =
        TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(2, 1))) {
      List<String> remote = cluster.submitOptions(2, 1);
      byte[] apart = train(remote, data, "apart", "--engine=dl4j", "--workers=2");
      byte[] alone = train(List.of("--master", "local[1]"), data, "alone", "--engine", "dl4j");
      assertThat(apart).isEqualTo(alone);
      byte[] together =
          train(List.of("--master", "local[2]"), data, "together", "--engine=dl4j", "--workers=2");
      assertThat(together).isEqualTo(alone);
      List<String> unregistered = new ArrayList<>(remote);
      // Deeplearning4j registers its arrays, not its data sets.
      unregistered.addAll(List.of("--conf", "spark.kryo.registrationRequired=false"));
      train(
          unregistered,
          data,
          "averaged",
          "--trainer",
          "dl4j-spark",
          "--sync=parameters",
          "--optimizer=sgd(momentum=0.9, nesterov)");
      assertThat(folder.resolve("averaged.checkpoints")).doesNotExist();
    }
    Result evaluated =
        convoy(
            List.of("--master", "local[1]"),
            "evaluate",
            "--engine=dl4j",
            "--model",
            folder.resolve("apart").toString(),
            "--data",
            data.toString());
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("accuracy");
  }

  private byte[] train(List<String> sparkOptions, Path data, String name, String... more)
      throws IOException {
    List<String> words =
        new ArrayList<>(List.of("train", "--data", data.toString(), "--model", "lenet"));
    words.addAll(List.of("--epochs", "2", "--lanes", "2", "--batch-size", "16"));
    words.addAll(List.of("--output", folder.resolve(name).toString()));
    words.addAll(List.of(more));
    Result result = convoy(sparkOptions, words.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return Files.readAllBytes(folder.resolve(name).resolve("weights.safetensors"));
  }

  private static Result convoy(List<String> sparkOptions, String... words) {
    List<String> all = new ArrayList<>(sparkOptions);
    all.addAll(List.of(words));
    return ConvoyProcess.here().with("SPARK_LOCAL_IP", "127.0.0.1").run(all.toArray(String[]::new));
  }
}
