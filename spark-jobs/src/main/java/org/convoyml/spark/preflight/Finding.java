package org.convoyml.spark.preflight;

/**
 * What one check found.
 *
 * @param check its name, see {@link Preflight}
 * @param outcome how it went
 * @param text what was found, and, if it is bad, where and what was expected; one line
 * @param fix what to do about it; empty only if nothing needs to be done
 */
public record Finding(String check, Outcome outcome, String text, String fix) {
  /** How a check went. */
  public enum Outcome {
    OK,
    /** Training will run, but not as it could. */
    WARNING,
    /** Training would fail. */
    FAILED,
    /** It could not be looked at, for something else failed. */
    SKIPPED
  }

  public Finding {
    // Spark's messages carry whole stack traces behind their first line.
    text = text.strip().lines().findFirst().orElse("");
  }

  static Finding ok(String check, String text) {
    return new Finding(check, Outcome.OK, text, "");
  }

  static Finding warning(String check, String text, String fix) {
    return new Finding(check, Outcome.WARNING, text, fix);
  }

  /**
   * Training would fail.
   *
   * @throws IllegalArgumentException if it is not said what to do about it
   */
  static Finding failed(String check, String text, String fix) {
    if (fix.isBlank()) {
      throw new IllegalArgumentException(check + ": expected what to do about: " + text);
    }
    return new Finding(check, Outcome.FAILED, text, fix);
  }

  static Finding skipped(String check, String text) {
    return new Finding(check, Outcome.SKIPPED, text, "");
  }

  public boolean isFailure() {
    return outcome == Outcome.FAILED;
  }

  /** What was found and what to do about it, in one line. */
  public String message() {
    return fix.isEmpty() ? text : text + "; " + fix;
  }
}
