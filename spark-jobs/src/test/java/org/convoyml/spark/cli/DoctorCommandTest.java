package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.convoyml.spark.preflight.PreflightRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParseResult;

/** The command line of the doctor; what it checks is tested beside the checks. */
@Timeout(120)
class DoctorCommandTest {
  @TempDir private Path folder;

  @Test
  void readyIsExitCodeZero() {
    Result result =
        Failures.runHere(
            "doctor", "--model", "lenet", "--input", "1,28,28", "--output", folder + "/model");
    assertThat(result.out()).endsWith("ready to train\n");
    assertThat(result.out().lines()).hasSize(12);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void notReadyIsExitCodeOne() {
    Result result = Failures.runHere("doctor", "--workers", "9", "--lanes", "16");
    assertThat(result.out())
        .contains("slots        FAILED   expected 9 task slots")
        .contains("memory       -        not planned: no network was named")
        .endsWith("not ready to train: 1 failed\n");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void aNetworkFileThatIsNotThereIsOneLine() {
    Failures.assertOneLine(
        Failures.runHere("doctor", "--network", folder + "/none.json"),
        1,
        "none.json: no such file");
  }

  @Test
  void wrongValuesAreAWrongCommandLine() {
    Failures.assertOneLine(
        Failures.runHere("doctor", "--batch-size", "100"),
        2,
        "the batch size must be a multiple of the 8 lanes, got 100");
    Failures.assertOneLine(
        Failures.runHere("doctor", "--model", "lenet", "--network", "mine.json"),
        2,
        "expected --model or --network, got both");
    Failures.assertOneLine(
        Failures.runHere("doctor", "--wait", "0"), 2, "the timeout must be positive, got 0 s");
    Failures.assertOneLine(
        Failures.runHere("doctor", "--ema", "1"), 2, "the decay of the average must be");
  }

  @Test
  void memoryIsPlannedForAMovingAverageIfThereWillBeOne() {
    assertThat(requested("doctor").rule().averages()).isFalse();
    assertThat(requested("doctor", "--ema", "0.999").rule().averageDecay()).isEqualTo(0.999f);
  }

  private static PreflightRequest requested(String... arguments) {
    ParseResult parsed = ConvoyCommand.commandLine().parseArgs(arguments).subcommand();
    return ((DoctorCommand) parsed.commandSpec().userObject()).request(Optional.empty());
  }
}
