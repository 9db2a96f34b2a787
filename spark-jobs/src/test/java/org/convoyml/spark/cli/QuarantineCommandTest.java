package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people see of corrupt images, through the real command line. */
@Timeout(120)
class QuarantineCommandTest {
  @TempDir private Path folder;

  @Test
  void trainAndEvaluateTellWhatTheyLeftOutAndWhereTheListIs() throws IOException {
    Path data = FaultyImages.digits(folder.resolve("digits"), 40);
    FaultyImages.addFaults(data);
    Path model = folder.resolve("model");
    Result train =
        Failures.runHere(
            "train",
            "--data",
            data + "",
            "--model",
            "lenet",
            "--output",
            model + "",
            "--epochs",
            "1",
            "--max-corrupt",
            "0.12",
            "--workers",
            "2");
    assertThat(train.err().lines().toList())
        .last()
        .asString()
        .startsWith("left out 5 corrupt images (5 on the driver): 1 × expected ")
        .endsWith("; 2 for other reasons; all are in " + model + "/quarantine.csv");
    assertThat(train.exitCode()).isZero();
    assertThat(Files.readAllLines(model.resolve("quarantine.csv"))).hasSize(6);

    Path report = folder.resolve("report.json");
    Result evaluate = evaluate(model, data, report, "0.12");
    assertThat(evaluate.err())
        .startsWith("left out 5 corrupt images (5 on the driver): ")
        .endsWith("; all are in " + folder + "/report.quarantine.csv\n");
    assertThat(evaluate.exitCode()).isZero();
    assertThat(new JsonMapper().readTree(report.toFile()).get("quarantined").asInt()).isEqualTo(5);
    assertThat(folder.resolve("report.quarantine.csv"))
        .hasSameBinaryContentAs(model.resolve("quarantine.csv"));

    Path sound = FaultyImages.digits(folder.resolve("sound"), 40);
    assertThat(evaluate(model, sound, report, "0").err()).isEmpty();
    assertThat(folder.resolve("report.quarantine.csv")).doesNotExist();
  }

  private static Result evaluate(Path model, Path data, Path report, String share) {
    return Failures.runHere(
        "evaluate",
        "--model",
        model + "",
        "--data",
        data + "",
        "--json",
        report + "",
        "--max-corrupt",
        share);
  }
}
