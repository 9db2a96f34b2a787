package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.policy.PolicyEntry;
import org.convoyml.spark.FaultyImages;
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
    assertThat(result.err()).contains("the picture is in " + preview);
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
  void aPreviewOfMixingHasTheRowsMixedWithEachOther() throws IOException {
    Path preview = folder.resolve("preview.png");
    Result result =
        augment("--augment", "mixup(1)", "--images", "2", "--copies", "3", "--preview", preview);
    assertThat(result.exitCode()).as(result.err()).isZero();
    BufferedImage sheet = ImageIO.read(preview.toFile());
    assertThat(sheet.getHeight()).as("rows with notes").isEqualTo(48 + 2 * (5 * 28 + 48));

    // 0 and 1; a variant is one of them, or both with weights that are the same in both rows.
    byte[] zero = cell(sheet, 0, 0);
    byte[] one = cell(sheet, 1, 0);
    boolean mixed = false;
    for (int column = 1; column <= 3; column++) {
      byte[] first = cell(sheet, 0, column);
      byte[] second = cell(sheet, 1, column);
      mixed |= !Arrays.equals(first, zero);
      for (int i = 0; i < first.length; i++) {
        int sum = (first[i] & 0xFF) + (second[i] & 0xFF);
        assertThat(sum).isCloseTo((zero[i] & 0xFF) + (one[i] & 0xFF), within(1));
      }
    }
    assertThat(mixed).isTrue();
  }

  /** Grey levels of an image of 28×28, each drawn as 5×5. */
  private static byte[] cell(BufferedImage sheet, int row, int column) {
    byte[] levels = new byte[28 * 28];
    for (int i = 0; i < levels.length; i++) {
      int x = 8 + column * 168 + 10 + i % 28 * 5 + 2;
      int y = 48 + row * (140 + 48) + i / 28 * 5 + 2;
      levels[i] = (byte) sheet.getRGB(x, y);
    }
    return levels;
  }

  @Test
  void largerImagesThanAllowedHaveTheReasonInTheirPlace() {
    Path preview = folder.resolve("preview.png");
    for (String policy : List.of("rotate(30)", "rotate(30), cutmix")) {
      Result result = augment("--augment", policy, "--max-pixels", "783", "--preview", preview);
      if (policy.contains("cutmix")) {
        Failures.assertOneLine(
            result,
            1,
            folder.resolve("data") + "/digits-images-idx3-ubyte: expected images, found");
      } else {
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(preview).exists();
      }
    }
  }

  @Test
  void variantsOfCorruptImagesAreCorruptAndCounted() throws IOException {
    Path data = FaultyImages.digits(folder.resolve("faulty"), 40);
    FaultyImages.addFaults(data);
    Path output = folder.resolve("augmented");
    String[] command = {
      "augment",
      "--data",
      data + "",
      "--augment",
      "rotate(30)",
      "--copies",
      "2",
      "--output",
      output + ""
    };

    Failures.assertOneLine(
        Failures.runHere(command), 1, data + ": 15 of 135 images are corrupt (11.1%), more than");
    assertThat(output).doesNotExist();

    String[] tolerant = Arrays.copyOf(command, command.length + 2);
    tolerant[command.length] = "--max-corrupt";
    tolerant[command.length + 1] = "0.2";
    Result result = Failures.runHere(tolerant);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err())
        .startsWith("135 images, 90 of them variants")
        .contains("\npacked 15 corrupt images (15 on the driver) as they are: ");
    assertThat(Files.readAllLines(output.resolve("_quarantine.csv")))
        .hasSize(16)
        .anyMatch(line -> line.contains("/1/empty.jpg#augmented-2,"));
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
    fails(
        "mixup mixes the images of a micro-batch",
        "--augment",
        "mixup",
        "--output",
        folder.resolve("augmented"));
    fails(
        "--max-pixels must be positive",
        "--augment",
        "none",
        "--preview",
        preview,
        "--max-pixels=0");
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
