package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.train.Trainings;

/** What a failed run must look like. */
final class Failures {
  private Failures() {}

  /**
   * Exactly one line, and where help is if the command line was wrong.
   *
   * @param message what the line contains; {@code …} stands for any text
   */
  static void assertOneLine(Result result, int exitCode, String message) {
    List<String> lines = result.err().lines().toList();
    assertThat(lines).hasSize(exitCode == 2 ? 2 : 1);
    assertThat(lines.get(0)).startsWith("convoy: ").containsSubsequence(message.split("…"));
    if (exitCode == 2) {
      assertThat(lines.get(1))
          .matches("see: convoy (train|evaluate|augment|import-dataset|convert|doctor) --help");
    }
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.out()).isEmpty();
  }

  /** Runs a command in this JVM, on the shared Spark session. */
  static Result runHere(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    LocalSpark.session();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exitCode = ConvoyCommand.commandLine().execute(arguments);
      return new Result(
          exitCode,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          Duration.ZERO);
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
    }
  }

  /** All files and folders below a folder. */
  static List<Path> everythingIn(Path folder) {
    try (var files = Files.walk(folder)) {
      return new ArrayList<>(files.sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Trains a little model of ten classes. */
  static Path model(Path folder) {
    Path model = folder.resolve("model");
    Trainings.train(
        LocalSpark.session(),
        Samples.residualNetwork(),
        Samples.mnist(folder.resolve("training"), 20),
        Trainings.config(java.util.Map.of("epochs", "1", "workers", "1")),
        model);
    return model;
  }

  /** A pair of IDX files of black images, one for each label. */
  static Path blackImages(Path folder, int side, int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return Samples.idx(folder, side, bytes, new byte[labels.length * side * side]);
  }

  /** Cuts the end of a file off. */
  static void truncate(Path file, int bytes) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(content, content.length - bytes));
  }
}
