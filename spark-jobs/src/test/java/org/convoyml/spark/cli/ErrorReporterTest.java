package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class ErrorReporterTest {
  private final StringWriter err = new StringWriter();

  @Test
  void successIsSilent() {
    assertThat(run(() -> 0)).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anExpectedFailureIsOneLine() {
    int exit =
        run(
            () -> {
              throw new ConvoyException("images.tar: expected a tar file, got 12 bytes");
            });
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("convoy: images.tar: expected a tar file, got 12 bytes\n");
  }

  @Test
  void anExpectedFailureIsFoundInsideThoseOfSpark() {
    int exit =
        run(
            () -> {
              Throwable task = new ConvoyException("cat.jpg: not an image");
              throw new SparkException(
                  "Job aborted:\n\tat a.b.C", new SparkException("Task 3 failed", task));
            });
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("convoy: cat.jpg: not an image\n");
  }

  @Test
  void anUnexpectedFailureIsOneLineThatSaysHowToLearnMore() {
    int exit =
        run(
            () -> {
              throw new IllegalStateException("lane 3\n\tat a.b.C");
            });
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "convoy: internal error: IllegalStateException: lane 3 (run again with --verbose for"
                + " the stack trace)\n");
  }

  @Test
  void anErrorOfTheVirtualMachineIsReportedLikewise() {
    int exit =
        run(
            () -> {
              throw new UnsatisfiedLinkError("no dnnl in java.library.path");
            });
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("convoy: internal error: UnsatisfiedLinkError: no dnnl in java.library.path (");
  }

  @Test
  void aFailureWithoutMessageStillSaysWhatItWas() {
    run(
        () -> {
          throw new UnsupportedOperationException();
        });
    assertThat(err.toString())
        .startsWith("convoy: internal error: UnsupportedOperationException: no message");
  }

  @Test
  void verboseAddsTheStackTrace() {
    int exit =
        run(
            () -> {
              throw new ConvoyException("no such file");
            },
            "--verbose");
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("convoy: no such file\n" + ConvoyException.class.getName() + ": no such file\n")
        .contains("\tat " + ErrorReporterTest.class.getName());
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    assertThat(run(() -> 0, "--epoch", "3")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("convoy: Unknown options: '--epoch', '3'\nsee: convoy try --help\n");
  }

  @Test
  void aValueOfTheWrongTypeIsAUsageError() {
    assertThat(run(() -> 0, "--epochs", "many")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            convoy: Invalid value for option '--epochs': 'many' is not an int
            see: convoy try --help
            """);
  }

  private int run(Callable<Integer> body, String... options) {
    CommandLine root =
        ConvoyCommand.configure(
            new CommandLine(new ConvoyCommand()).addSubcommand(new TryCommand(body)));
    root.setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 1];
    arguments[0] = "try";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return root.execute(arguments);
  }

  /** A command that does what the test says. */
  @Command(name = "try")
  static final class TryCommand implements Callable<Integer> {
    @Mixin CommonOptions common;

    @Option(names = "--epochs")
    int epochs;

    private final Callable<Integer> body;

    TryCommand(Callable<Integer> body) {
      this.body = body;
    }

    @Override
    public Integer call() throws Exception {
      return body.call();
    }
  }
}
