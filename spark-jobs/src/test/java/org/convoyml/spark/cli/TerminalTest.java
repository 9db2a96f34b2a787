package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void theLauncherKnowsBetterThanJava() {
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "132"), false))
        .isEqualTo(new Terminal(true, 132));
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "none", "COLUMNS", "90"), true))
        .isEqualTo(new Terminal(false, 80));
  }

  @Test
  void withoutTheLauncherJavaIsAsked() {
    assertThat(Terminal.detect(Map.of("COLUMNS", "90"), true)).isEqualTo(new Terminal(true, 90));
    assertThat(Terminal.detect(Map.of(), true)).isEqualTo(new Terminal(true, 80));
    assertThat(Terminal.detect(Map.of(), false)).isEqualTo(new Terminal(false, 80));
  }

  @Test
  void aDumbTerminalCannotRedraw() {
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "80", "TERM", "dumb"), true))
        .isEqualTo(new Terminal(false, 80));
  }

  @Test
  void nonsenseColumnsAreIgnored() {
    assertThat(Terminal.detect(Map.of("COLUMNS", "wide"), true)).isEqualTo(new Terminal(true, 80));
  }
}
