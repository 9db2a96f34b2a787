package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad input through the launcher and SparkSubmit, where exit codes are a process's and Spark's own
 * logging would show: failures of a command line, of the driver, of an ordinary job, and of a
 * barrier stage.
 */
@Timeout(120)
class BadInputIT {
  @TempDir private static Path shared;
  private static Path model;
  private static Path digits;

  @TempDir private Path folder;
  private Path place;

  @BeforeAll
  static void train() {
    model = Failures.model(shared);
    digits = Samples.mnist(shared.resolve("digits"), 20);
  }

  @BeforeEach
  void makePlace() throws IOException {
    place = Files.createDirectory(folder.resolve("place"));
  }

  @Test
  void aWrongCommandLineIsExitCodeTwo() {
    trainFails(2, digits, "must be a multiple of the 8 lanes, got 100", "--batch-size", "100");
  }

  @Test
  void aMissingPathIsExitCodeOne() {
    Path nowhere = folder.resolve("nowhere");
    trainFails(1, nowhere, nowhere + ": expected a file or folder of images, found nothing");
  }

  @Test
  void anOutputThatCannotBeWrittenLeavesWhatIsThere() throws IOException {
    Path file = Files.writeString(place.resolve("file"), "text");
    Path output = file.resolve("model");
    Failures.assertOneLine(
        run("train", "--data", digits + "", "--model", "lenet", "--output", output + ""),
        1,
        output + "…cannot create");
    assertThat(Failures.everythingIn(place)).containsExactly(place, file);
  }

  @Test
  void moreWorkersThanSlotsFailAtOnce() {
    trainFails(1, digits, "expected 4 task slots of 1 cores at once, found 2", "--workers", "4");
  }

  @Test
  void aTruncatedArchiveIsNamed() throws IOException {
    Path images = Files.copy(sample("train-images-idx3"), folder.resolve("cut-images-idx3-ubyte"));
    Files.copy(sample("train-labels-idx1"), folder.resolve("cut-labels-idx1-ubyte"));
    Failures.truncate(images, 1000);
    trainFails(1, images, images + ": ");
  }

  @Test
  void aLearningRateThatIsTooHighSaysAtWhichStep() {
    Result result =
        run(
            "train",
            "--data",
            digits + "",
            "--model",
            "lenet",
            "--learning-rate",
            "1e30",
            "--output",
            place.resolve("model") + "");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().filter(line -> line.startsWith("convoy: ")))
        .singleElement()
        .asString()
        .matches("convoy: epoch \\d+, step 1: (the loss|a weight) is \\S+ at learning rate .*: .*");
    assertThat(result.err()).doesNotContain("Exception", "\tat ");
    // Of epochs before there is a checkpoint.
    assertThat(place.resolve("model")).doesNotExist();
  }

  @Test
  void imagesOfAnotherSizeAreFittedToTheModel() {
    Path large = Failures.blackImages(folder.resolve("large"), 32, 0, 1);
    Result result = run("evaluate", "--data", large + "", "--model", model + "");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private void trainFails(int exitCode, Path data, String message, String... options) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data.toString()));
    words.addAll(List.of("--model", "lenet", "--output", place.resolve("model").toString()));
    words.addAll(List.of(options));
    Failures.assertOneLine(run(words.toArray(String[]::new)), exitCode, message);
    assertThat(place).isEmptyDirectory();
  }

  private static Result run(String... words) {
    List<String> all = new ArrayList<>(List.of("--master", "local[2]"));
    all.addAll(List.of(words));
    return ConvoyProcess.here().run(all.toArray(String[]::new));
  }

  private static Path sample(String start) {
    return ConvoyProcess.repository().resolve("samples/mnist/" + start + "-ubyte.gz");
  }
}
