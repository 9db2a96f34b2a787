package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong is one line, and nothing is left behind; through the real command line. */
@Timeout(120)
class BadInputTest {
  @TempDir private static Path shared;
  private static Path model;
  private static Path digits;

  @TempDir private Path folder;

  @BeforeAll
  static void train() {
    model = Failures.model(shared);
    digits = Samples.mnist(shared.resolve("digits"), 20);
  }

  @Test
  void anUnknownModelIsAWrongCommandLine() {
    trainFails(
        2, "no model is named 'alexnet', there are: inception_v3, lenet", "--model", "alexnet");
  }

  @Test
  void aBatchThatLanesCannotShareIsAWrongCommandLine() {
    trainFails(
        2,
        "the batch size must be a multiple of the 8 lanes, got 100",
        "--model",
        "lenet",
        "--batch-size",
        "100");
  }

  @Test
  void holdingEverythingOutIsAWrongCommandLine() {
    trainFails(
        2,
        "the validation split must be in [0, 1), got 1.0",
        "--model",
        "lenet",
        "--validation-split",
        "1");
  }

  @Test
  void aColumnThatIsNotThereIsNamed() throws IOException {
    Path manifest = Files.writeString(folder.resolve("images.csv"), "path,label\n1.png,cat\n");
    trainOnFails(
        1,
        manifest,
        manifest + ": no column is named 'breed', the first line has: path, label",
        "--model",
        "lenet",
        "--label-column",
        "breed");
  }

  @Test
  void aCifarFileCutOffIsNamed() throws IOException {
    Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n");
    Path file = Files.write(folder.resolve("data_batch_1.bin"), new byte[4000]);
    trainOnFails(
        1,
        file,
        file + ": expected images of 3073 bytes each, found 4000 bytes",
        "--model",
        "lenet");
  }

  @Test
  void anUnknownAugmentationIsAWrongCommandLine() {
    trainFails(2, "'swirl'", "--model", "lenet", "--augment", "rotate(10), swirl(3)");
  }

  @ParameterizedTest
  @CsvSource({
    "--mean, NaN, '--mean must be finite, got NaN'",
    "--std, 0, '--std must be positive, got 0.0'",
    "--mean, half, 'is not a float'",
    "--mean, '0.5,0.5,0.5', '--mean: expected 1 values, one for each channel of images of 1×28×28'",
  })
  void aMeanOrDeviationThatIsNoneIsAWrongCommandLine(String option, String value, String message) {
    trainFails(2, message, "--model", "lenet", option, value);
  }

  @Test
  void twoNetworksAreAWrongCommandLine() {
    trainFails(
        2,
        "expected either --model or --network, got both",
        "--model",
        "lenet",
        "--network",
        "network.json");
  }

  @Test
  void noNetworkIsAWrongCommandLine() {
    trainFails(2, "expected either --model or --network, got none");
  }

  @Test
  void anOptionThatIsGivenTwiceIsNamed() {
    trainFails(
        2,
        "option '--epochs' should be specified only once",
        "--model",
        "lenet",
        "--epochs=1",
        "--seed",
        "7",
        "--epochs",
        "2");
  }

  @Test
  void anEmptyBatchIsAWrongCommandLine() {
    evaluateFails(2, digits, model, "--batch-size must be positive, got 0", "--batch-size", "0");
  }

  @Test
  void dataThatAreNotThereAreNamed() {
    Path nowhere = folder.resolve("nowhere");
    trainOnFails(1, nowhere, nowhere + ": expected … found nothing", "--model", "lenet");
  }

  @Test
  void anEmptyFolderIsNoDataSet() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    trainOnFails(
        1,
        empty,
        empty + ": expected images (.jpg, .jpeg, .png, .bmp, .webp) in class folders, found none",
        "--model",
        "lenet");
  }

  @Test
  void aTruncatedFileIsNamedWithItsLengths() throws IOException {
    Path images = Samples.mnist(folder.resolve("cut"), 20);
    Failures.truncate(images, 5);
    trainOnFails(
        1,
        images,
        images + ": expected 15696 bytes for 20 records of 784, found 15691",
        "--model",
        "lenet");
  }

  @Test
  void imagesTooSmallForTheNetworkAreRefusedBeforeTraining() {
    Path images = Failures.blackImages(folder.resolve("small"), 8, 0, 1);
    trainOnFails(1, images, "lenet cannot take images of 1×8×8", "--model", "lenet");
  }

  @Test
  void aFileThatIsNoImageIsNamed() throws IOException {
    Path photo = folder.resolve("photos/cat/felix.png");
    Files.createDirectories(photo.getParent());
    Files.writeString(photo, "meow");
    trainOnFails(1, folder.resolve("photos"), "felix.png: expected", "--model", "lenet");
  }

  @Test
  void anOutputThatCannotBeWrittenIsFoundBeforeTraining() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    Path output = file.resolve("model");
    Result result =
        Failures.runHere(
            "train", "--data", digits.toString(), "--model", "lenet", "--output", output + "");
    Failures.assertOneLine(result, 1, output + "…cannot create");
    assertThat(Failures.everythingIn(folder)).containsExactly(folder, file);
  }

  @Test
  void whatIsThereIsNotReplacedUnlessAsked() throws IOException {
    Path output = Files.createDirectory(folder.resolve("model"));
    Files.writeString(output.resolve("notes.txt"), "mine");
    List<Path> before = Failures.everythingIn(folder);
    String[] command = {
      "train", "--data", digits.toString(), "--model", "lenet", "--output", output.toString()
    };
    Failures.assertOneLine(
        run(new String[0], command), 1, output + ": already exists (--overwrite replaces a model)");
    Failures.assertOneLine(
        run(new String[] {"--overwrite"}, command),
        1,
        output + ": expected a model directory to overwrite, found something else");
    assertThat(Failures.everythingIn(folder)).isEqualTo(before);
  }

  @Test
  void aNetworkWhoseShapesDoNotFitNamesTheLayer() throws IOException {
    String json = NetworkJson.write(Samples.residualNetwork());
    Path file = folder.resolve("network.json");
    Files.writeString(file, json.replace("[ 7, 7 ]", "[ 70, 7 ]").replace("[7, 7]", "[70, 7]"));
    trainFails(1, file + ": …pool", "--network", file.toString());
  }

  @Test
  void aNetworkForOtherClassesIsRefused() throws IOException {
    Path file = folder.resolve("network.json");
    Files.writeString(file, NetworkJson.write(Samples.residualNetwork()));
    Path two = Failures.blackImages(folder.resolve("two"), 28, 0, 1);
    Result result =
        Failures.runHere(
            "train",
            "--data",
            two.toString(),
            "--network",
            file.toString(),
            "--output",
            folder.resolve("model").toString());
    Failures.assertOneLine(
        result, 1, two + ": the network tells 10 classes apart, the data set has 2: 0, 1");
  }

  @Test
  void aShareThatIsNoneIsAWrongCommandLine() {
    trainFails(
        2, "--max-corrupt must be in [0, 1), got 1.0", "--model", "lenet", "--max-corrupt", "1");
    evaluateFails(
        2, digits, model, "--max-corrupt must be in [0, 1), got -0.1", "--max-corrupt=-0.1");
    evaluateFails(
        2, digits, model, "Invalid value for option '--max-corrupt'", "--max-corrupt", "few");
  }

  @Test
  void noPixelsAreAWrongCommandLine() {
    evaluateFails(2, digits, model, "--max-pixels must be positive, got 0", "--max-pixels", "0");
    evaluateFails(
        2, digits, model, "Invalid value for option '--max-pixels'", "--max-pixels", "5e7");
  }

  @Test
  void tooManyCorruptImagesStopTheJobInOneLine() {
    Path photos = FaultyImages.digits(folder.resolve("photos"), 40);
    FaultyImages.addFaults(photos);
    String message =
        photos
            + ": 5 of 45 images are corrupt (11.1%), more than --max-corrupt 0.1 allows: 1 ×"
            + " expected a…(…); 1 × expected…(…); 1 × expected…(…); 2 for other reasons";
    trainOnFails(1, photos, message, "--model", "lenet", "--max-corrupt", "0.1");
    evaluateFails(1, photos, model, message, "--max-corrupt", "0.1");
  }

  @Test
  void noneOfTheImagesCanBeDecoded() {
    trainOnFails(
        1,
        digits,
        digits + "#…: expected at most 700 pixels, found 28×28",
        "--model",
        "lenet",
        "--max-pixels",
        "700");
  }

  @Test
  void moreWorkersThanSlotsFailAtOnceWhereNoExecutorCanCome() {
    trainFails(
        1,
        "expected 16 task slots of 1 cores at once, found 8; use more cores or fewer --workers",
        "--model",
        "lenet",
        "--lanes",
        "16",
        "--workers",
        "16");
  }

  @Test
  void anUnknownEngineIsOneLine() {
    trainFails(2, "no engine is named 'steam'", "--model", "lenet", "--engine", "steam");
    evaluateFails(2, digits, model, "no engine is named 'steam'", "--engine", "steam");
  }

  @Test
  void aDirectoryThatIsNoModelIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    evaluateFails(1, digits, empty, empty + ": expected a model directory, found no network.json");
  }

  @Test
  void aClassThatTheModelDoesNotKnowIsRefused() {
    Path images = Failures.blackImages(folder.resolve("thirteen"), 28, 0, 12);
    evaluateFails(
        1,
        images,
        model,
        images + ": has images of class 10, 11, 12, expected only the model's 10 classes: 0, 1,");
  }

  @Test
  void aReportDoesNotReplaceADirectory() throws IOException {
    Path reports = Files.createDirectory(folder.resolve("reports"));
    Files.writeString(reports.resolve("last-year.txt"), "mine");
    Result result =
        Failures.runHere(
            "evaluate",
            "--data",
            digits.toString(),
            "--model",
            model.toString(),
            "--json",
            reports.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("convoy: " + reports + ": expected a file to write, found a directory\n");
    assertThat(reports.resolve("last-year.txt")).hasContent("mine");
  }

  /** On good data. */
  private void trainFails(int exitCode, String message, String... options) {
    trainOnFails(exitCode, digits, message, options);
  }

  private void trainOnFails(int exitCode, Path data, String message, String... options) {
    Path place = folder.resolve("place");
    assertThat(place.toFile().mkdir()).isTrue();
    Path output = place.resolve("model");
    Result result = run(options, "train", "--data", data + "", "--output", output + "");
    Failures.assertOneLine(result, exitCode, message);
    assertThat(place).isEmptyDirectory();
  }

  private static void evaluateFails(
      int exitCode, Path data, Path modelDirectory, String message, String... options) {
    Failures.assertOneLine(
        run(options, "evaluate", "--data", data + "", "--model", modelDirectory + ""),
        exitCode,
        message);
  }

  private static Result run(String[] options, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(options));
    return Failures.runHere(arguments.toArray(String[]::new));
  }
}
