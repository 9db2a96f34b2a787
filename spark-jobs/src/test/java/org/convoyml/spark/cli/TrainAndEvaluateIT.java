package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user does first, as a user does it. */
@Timeout(240)
class TrainAndEvaluateIT {
  @TempDir private Path folder;

  @Test
  void aModelIsTrainedOnAnyNumberOfWorkersAndEvaluated() throws IOException {
    Path data = Samples.mnist(folder.resolve("digits"), 300);
    Path one = train(data, 1);
    Path two = train(data, 2);
    assertThat(Failures.everythingIn(one)).hasSize(6);
    for (String file :
        new String[] {"weights.safetensors", "provenance.json", "network.json", "classes.json"}) {
      assertThat(two.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
    }
    evaluate(data, two);
  }

  private Path train(Path data, int workers) {
    Path model = folder.resolve("model" + workers);
    Result result =
        ConvoyProcess.here()
            .run(
                "--master",
                "local[2]",
                "--conf",
                "spark.kryo.registrationRequired=true",
                "train",
                "--data",
                data.toString(),
                "--model",
                "lenet",
                "--augment",
                "rotate(10), translate(0.1)",
                "--epochs",
                "3",
                "--batch-size",
                "32",
                "--workers",
                String.valueOf(workers),
                "--output",
                model.toString());
    assertThat(result.err().lines())
        .anyMatch(line -> line.matches("lenet, 431,080 parameters, 10 classes; engine \\w+"))
        .anyMatch(line -> line.equals("300 images, 3 epochs of 10 steps of 32 images in 8 lanes"))
        .anyMatch(line -> line.startsWith(workers + " worker"))
        .anyMatch(line -> line.matches("epoch 1/3  loss \\d\\.\\d+  accuracy .* images/s  \\d.*"))
        .anyMatch(line -> line.matches("epoch 3/3  .*"))
        .anyMatch(line -> line.endsWith("the model is in " + model))
        .noneMatch(line -> line.contains("\r") || line.contains("WARN"));
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return model;
  }

  private void evaluate(Path data, Path model) throws IOException {
    Path json = folder.resolve("report.json");
    Result result =
        ConvoyProcess.here()
            .run(
                "--master",
                "local[2]",
                "--conf",
                "spark.kryo.registrationRequired=true",
                "evaluate",
                "--data",
                data.toString(),
                "--model",
                model.toString(),
                "--json",
                json.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .containsPattern("accuracy\\s+\\d+\\.\\d+")
        .containsPattern("class +precision +recall +F1 +specificity +support")
        .containsPattern(" 9( +[\\d.]+%){4} +\\d+\n")
        .contains("confusion matrix (row: actual class, column: predicted class)", "mean loss ");
    JsonNode report = new JsonMapper().readTree(Files.readAllBytes(json));
    assertThat(report.get("images").asLong()).isEqualTo(300);
    assertThat(report.get("accuracy").asDouble()).isBetween(0.3, 1.0);
    assertThat(report.get("classes")).hasSize(10);
    assertThat(report.get("confusionMatrix")).hasSize(10);
    long total = 0;
    for (JsonNode row : report.get("confusionMatrix")) {
      for (JsonNode count : row) {
        total += count.asLong();
      }
    }
    assertThat(total).isEqualTo(300);
  }
}
