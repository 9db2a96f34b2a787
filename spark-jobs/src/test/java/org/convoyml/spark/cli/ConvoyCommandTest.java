package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ConvoyCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpEndsWithTheExitCodesAndFitsTheScreen() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .startsWith("Usage: convoy [SPARK OPTIONS] COMMAND [OPTIONS]\n")
        .contains("\nExamples:\n")
        .endsWith("  2   the command line is wrong\n");
    assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theVersionIsTheOneOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString())
        .matches("convoy [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)? \\(Java .*\\)\n");
  }

  @Test
  void withoutACommandTheHelpIsShownAsAnError() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).startsWith("Usage: convoy ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownCommandIsNamed() {
    assertThat(run("trian")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("convoy: ")
        .contains("'trian'")
        .endsWith("see: convoy --help\n");
  }

  private int run(String... arguments) {
    CommandLine root = ConvoyCommand.commandLine();
    root.setOut(new PrintWriter(out, true));
    root.setErr(new PrintWriter(err, true));
    return root.execute(arguments);
  }
}
