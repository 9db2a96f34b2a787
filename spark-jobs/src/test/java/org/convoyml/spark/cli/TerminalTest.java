package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void theLauncherSaysHowWideItIs() {
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "132")))
        .isEqualTo(new Terminal(true, 132));
  }

  @Test
  void everythingElseIsALog() {
    Terminal log = new Terminal(false, 80);
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "none"))).isEqualTo(log);
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "0"))).isEqualTo(log);
    assertThat(Terminal.detect(Map.of())).isEqualTo(log);
  }

  @Test
  void aDumbTerminalCannotRedraw() {
    assertThat(Terminal.detect(Map.of("CONVOY_TERMINAL", "100", "TERM", "dumb")).interactive())
        .isFalse();
  }
}
