package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.policy.PolicyEntry;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AugmentCommandTest {
  @TempDir private Path folder;

  @Test
  void thePreviewHasTheFirstImagesOfEachClass() throws IOException {
    Path preview = folder.resolve("preview.png");
    Result result =
        augment("--augment", "rotate(30)", "--images", "3", "--copies", "2", "--preview", preview);
    assertThat(result.exitCode()).as(result.err()).isZero();
    BufferedImage sheet = ImageIO.read(preview.toFile());
    assertThat(sheet.getWidth()).as("original and two variants").isEqualTo(8 + 3 * 168);
    assertThat(sheet.getHeight()).as("three rows").isEqualTo(48 + 3 * (5 * 28 + 28));
    byte[] first = Files.readAllBytes(preview);
    augment("--augment", "rotate(30)", "--images", "3", "--copies", "2", "--preview", preview);
    assertThat(Files.readAllBytes(preview)).as("the same every time").isEqualTo(first);
    augment(
        "--augment",
        "rotate(30)",
        "--images",
        "3",
        "--copies",
        "2",
        "--preview",
        preview,
        "--seed",
        "7");
    assertThat(Files.readAllBytes(preview)).as("but for the seed").isNotEqualTo(first);
  }

  @Test
  void anAugmentedDataSetCanBeTrainedOn() {
    Path output = folder.resolve("augmented");
    Result result = augment("--augment", "rotate(30)", "--copies", "2", "--output", output);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("60 images, 40 of them variants");
    Result trained =
        Failures.runHere(
            "train",
            "--data",
            output.toString(),
            "--model",
            "lenet",
            "--epochs",
            "1",
            "--output",
            folder.resolve("model").toString());
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("60 images");
  }

  @Test
  void theListHasEveryOperationWithItsArguments() {
    Result result = Failures.runHere("augment", "--list");
    assertThat(result.exitCode()).as(result.err()).isZero();
    for (PolicyEntry entry : PolicyEntry.all()) {
      assertThat(result.out()).containsPattern("(?m)^" + entry.word() + " ");
    }
    assertThat(result.out())
        .containsPattern("(?m)^rotate +maxDegrees +must be given +from 0 to 180$")
        .containsPattern("(?m)^mixup +alpha +0.2 +from 0.01 to 100$");
  }

  @Test
  void defaultsOfTheListAreUnderstood() {
    for (PolicyEntry entry : PolicyEntry.all()) {
      List<String> arguments = new ArrayList<>();
      for (PolicyEntry.Argument argument : entry.arguments()) {
        argument.byDefault().ifPresent(value -> arguments.add(argument.name() + "=" + value));
        if (argument.byDefault().isEmpty()) {
          arguments.add(argument.name() + "=" + argument.allowed().split(" ")[0]);
        }
      }
      String text = entry.word() + "(" + String.join(", ", arguments) + ")";
      assertThat(AugmentationPolicy.parse(text).toString()).startsWith(entry.word());
    }
  }

  @Test
  void aWrongCommandLineIsOneLine() {
    Path preview = folder.resolve("preview.png");
    fails("expected --preview or --output", "--augment", "rotate(30)");
    fails("expected --augment", "--preview", preview);
    fails(
        "--copies must be positive, got 0",
        "--augment",
        "none",
        "--preview",
        preview,
        "--copies",
        "0");
    fails("column 1: expected one of", "--augment", "swirl", "--preview", preview);
    fails("mixup mixes the images of a micro-batch", "--augment", "mixup", "--preview", preview);
    assertThat(preview).doesNotExist();
  }

  private void fails(String message, Object... options) {
    Result result = augment(options);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(message);
    assertThat(result.err().lines()).hasSize(2);
  }

  private Result augment(Object... options) {
    List<String> command =
        new ArrayList<>(
            List.of("augment", "--data", Samples.mnist(folder.resolve("data"), 20).toString()));
    for (Object option : options) {
      command.add(option.toString());
    }
    return Failures.runHere(command.toArray(String[]::new));
  }
}
