package org.convoyml.spark.cli;

import java.util.Map;

/**
 * What standard error is written to.
 *
 * @param interactive whether a line can be redrawn in place
 * @param columns how wide it is
 */
public record Terminal(boolean interactive, int columns) {
  private static final int DEFAULT_COLUMNS = 80;

  /**
   * Set by the launcher, which knows which stream is a terminal where Java only knows it of
   * standard input and output together: the number of columns of standard error, or something else
   * if it is no terminal.
   */
  private static final String FROM_LAUNCHER = "CONVOY_TERMINAL";

  public static Terminal detect() {
    return detect(System.getenv(), System.console() != null);
  }

  static Terminal detect(Map<String, String> environment, boolean console) {
    String launcher = environment.get(FROM_LAUNCHER);
    String columns = launcher != null ? launcher : environment.getOrDefault("COLUMNS", "");
    boolean terminal = launcher != null ? isNumber(launcher) : console;
    return new Terminal(
        terminal && !"dumb".equals(environment.get("TERM")),
        isNumber(columns) ? Integer.parseInt(columns) : DEFAULT_COLUMNS);
  }

  private static boolean isNumber(String text) {
    return text.matches("[1-9][0-9]{0,3}");
  }
}
