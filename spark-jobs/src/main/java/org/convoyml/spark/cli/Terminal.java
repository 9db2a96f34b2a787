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

  /** Without the launcher there is no knowing, and lines of text suit every stream. */
  public static Terminal detect() {
    return detect(System.getenv());
  }

  static Terminal detect(Map<String, String> environment) {
    String columns = environment.getOrDefault(FROM_LAUNCHER, "");
    boolean terminal = columns.matches("[1-9][0-9]{0,3}");
    return new Terminal(
        terminal && !"dumb".equals(environment.get("TERM")),
        terminal ? Integer.parseInt(columns) : DEFAULT_COLUMNS);
  }
}
