package org.convoyml.dl4j.exchange;

/** Texts from a file that may say anything, as messages show them. */
final class Printable {
  private static final int LONGEST = 100;

  private Printable() {}

  /** A text on one line, not too long, and without characters that do something to a terminal. */
  static String of(String text) {
    return of(text, LONGEST);
  }

  static String of(String text, int longest) {
    String shown = text.length() <= longest ? text : text.substring(0, longest) + "…";
    return shown.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }
}
