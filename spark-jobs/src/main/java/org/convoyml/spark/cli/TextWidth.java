package org.convoyml.spark.cli;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * How many columns text takes on a screen: class names are words of any language, and Chinese
 * characters are two columns wide.
 */
final class TextWidth {
  private static final Set<UnicodeScript> WIDE =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI);
  private static final String CUT = "..";

  private TextWidth() {}

  static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  /** Fills up with spaces on the right. */
  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - of(text)));
  }

  /** Fills up with spaces on the left. */
  static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - of(text))) + text;
  }

  /** Cuts what is wider, and shows that it was cut. */
  static String atMost(String text, int width) {
    if (of(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int used = CUT.length();
    for (int codePoint : text.codePoints().toArray()) {
      used += of(codePoint);
      if (used > width) {
        break;
      }
      kept.appendCodePoint(codePoint);
    }
    return kept + CUT;
  }

  private static int of(int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
        return 0;
      }
      default -> {
        return isWide(codePoint) ? 2 : 1;
      }
    }
  }

  private static boolean isWide(int codePoint) {
    boolean halfWidthForm = codePoint >= 0xFF61 && codePoint <= 0xFFDC;
    boolean fullWidthForm = codePoint >= 0xFF01 && codePoint <= 0xFF60;
    boolean punctuation = codePoint >= 0x3000 && codePoint <= 0x303E;
    boolean emoji = codePoint >= 0x1F300 && codePoint <= 0x1FAFF;
    return fullWidthForm
        || punctuation
        || emoji
        || (!halfWidthForm && WIDE.contains(UnicodeScript.of(codePoint)));
  }
}
