package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packing a data set and training on a part of it, through the real command line. */
@Timeout(120)
class ImportDatasetTest {
  @TempDir private Path folder;
  private Path digits;
  private Path output;

  @BeforeEach
  void writeDigits() {
    digits = Samples.mnist(folder.resolve("digits"), 100);
    output = folder.resolve("packed");
  }

  @Test
  void aDataSetIsPackedAndTrainedOnWithAPartHeldOut() throws IOException {
    Result packed = run("import-dataset", "--data", digits + "", "--output", output + "");
    assertThat(packed.err())
        .isEqualTo(
            "100 images of 10 classes, 0.1 MB, in 1 file; the data set is in " + output + "\n");
    assertThat(packed.exitCode()).isZero();

    Path model = folder.resolve("model");
    Result trained =
        run(
            "train",
            "--data",
            output + "",
            "--model",
            "lenet",
            "--epochs",
            "1",
            "--batch-size",
            "16",
            "--validation-split",
            "0.2",
            "--output",
            model + "");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode report = new JsonMapper().readTree(Files.readString(model.resolve("validation.json")));
    long heldOut = report.get("images").asLong();
    assertThat(heldOut).isBetween(16L, 24L);
    assertThat(trained.err()).contains((100 - heldOut) + " images, 1 epoch of ");
    assertThat(trained.out())
        .startsWith(heldOut + " images that were held out:\n")
        .containsPattern("accuracy\\s+\\d+\\.\\d+")
        .containsPattern("mean loss \\d");
  }

  @Test
  void corruptImagesAreToldAndTooManyAreRefused() throws IOException {
    Path data = FaultyImages.digits(folder.resolve("faulty"), 40);
    FaultyImages.addFaults(data);

    Failures.assertOneLine(
        run("import-dataset", "--data", data + "", "--output", output + ""),
        1,
        data + ": 5 of 45 images are corrupt (11.1%), more than --max-corrupt 0.01 allows: ");
    assertThat(output).doesNotExist();

    Result packed =
        run("import-dataset", "--data", data + "", "--output", output + "", "--max-corrupt=0.2");
    assertThat(packed.exitCode()).isZero();
    assertThat(packed.err())
        .startsWith("45 images of 10 classes, ")
        .contains("\npacked 5 corrupt images (5 on the driver) as they are: 1 × expected ")
        .endsWith("; all are in " + output + "/_quarantine.csv\n");
  }

  @Test
  void wrongCommandLines() {
    fails(2, "expected either --files or --file-size, got both", "--files=2", "--file-size=1m");
    fails(2, "the number of files must be positive, got 0", "--files", "0");
    fails(2, "expected a size such as 64m or 1g, got 'huge'", "--file-size", "huge");
    fails(2, "the size of files must be positive, got 0", "--file-size", "0");
  }

  @Test
  void columnsOfSomethingThatHasNone() {
    fails(
        1,
        digits + ": expected Parquet or a CSV manifest, since columns are named, found neither",
        "--label-column",
        "breed");
  }

  @Test
  void whatIsNoDataSetIsNotReplaced() throws IOException {
    Files.createDirectory(output);
    Files.writeString(output.resolve("thesis.tex"), "years");
    Failures.assertOneLine(
        run("import-dataset", "--data", digits + "", "--output", output + "", "--overwrite"),
        1,
        output + ": expected a data set directory to overwrite, found something else");
    assertThat(output.resolve("thesis.tex")).hasContent("years");
  }

  private void fails(int exitCode, String message, String... options) {
    String[] command = {"import-dataset", "--data", digits + "", "--output", output + ""};
    String[] all = Arrays.copyOf(command, command.length + options.length);
    System.arraycopy(options, 0, all, command.length, options.length);
    Failures.assertOneLine(run(all), exitCode, message);
    assertThat(output).doesNotExist();
  }

  private static Result run(String... arguments) {
    return Failures.runHere(arguments);
  }
}
