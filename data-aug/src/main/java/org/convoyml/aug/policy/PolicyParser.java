package org.convoyml.aug.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.Range;
import org.convoyml.nn.ConvoyException;

/**
 * Reads a policy: {@code none}, or operations separated by commas, each a word and numbers in
 * parentheses. Used once.
 */
final class PolicyParser {
  /** The policy without operations. */
  static final String NOTHING = "none";

  private static final char END = '\0';

  private final String text;
  private int position;

  PolicyParser(String text) {
    this.text = text;
  }

  List<ImageOp> parse() {
    if (text.strip().equals(NOTHING)) {
      return List.of();
    }
    List<ImageOp> ops = new ArrayList<>();
    ops.add(operation());
    while (peek() == ',') {
      position++;
      ops.add(operation());
    }
    if (peek() != END) {
      throw expected("',' or the end", position);
    }
    return ops;
  }

  private ImageOp operation() {
    peek();
    int start = position;
    String word = take(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
    OpSyntax syntax =
        OpSyntax.of(word)
            .orElseThrow(
                () -> {
                  String choices = "one of " + OpSyntax.choices() + ", or " + NOTHING;
                  return word.isEmpty()
                      ? expected(choices, start)
                      : error("expected " + choices + ", found '" + word + "'", start);
                });
    skip('(', syntax);
    List<Double> values = new ArrayList<>();
    for (OpSyntax.Parameter parameter : syntax.parameters()) {
      if (!values.isEmpty()) {
        skip(',', syntax);
      }
      values.add(number(parameter, syntax));
    }
    skip(')', syntax);
    return syntax.build(values);
  }

  private double number(OpSyntax.Parameter parameter, OpSyntax syntax) {
    peek();
    int start = position;
    String digits = take(c -> Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0);
    double value;
    try {
      value = Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      position = start;
      throw expected("a number in " + syntax.usage(), start);
    }
    if (!parameter.range().contains(value)) {
      throw error("expected " + parameter + ", found " + Range.format(value), start);
    }
    return value;
  }

  private void skip(char wanted, OpSyntax syntax) {
    if (peek() != wanted) {
      throw expected("'" + wanted + "' of " + syntax.usage(), position);
    }
    position++;
  }

  /** Passes over spaces and looks at the next character. */
  private char peek() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position < text.length() ? text.charAt(position) : END;
  }

  private String take(IntPredicate wanted) {
    int start = position;
    while (position < text.length() && wanted.test(text.charAt(position))) {
      position++;
    }
    return text.substring(start, position);
  }

  private ConvoyException expected(String what, int at) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return error("expected " + what + ", found " + found, at);
  }

  private ConvoyException error(String problem, int at) {
    return new ConvoyException(
        "augmentation policy \"%s\", column %d: %s".formatted(text, at + 1, problem));
  }
}
