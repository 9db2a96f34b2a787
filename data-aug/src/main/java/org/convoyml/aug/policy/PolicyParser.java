package org.convoyml.aug.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.convoyml.aug.batch.BatchOp;
import org.convoyml.aug.batch.SometimesBatch;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.Sometimes;
import org.convoyml.nn.ConvoyException;

/**
 * Reads a policy: {@code none}, or operations separated by commas, each a word and, in parentheses,
 * arguments by position or by name. Used once.
 */
final class PolicyParser {
  /** The policy without operations. */
  static final String NOTHING = "none";

  private static final char END = '\0';

  private final String text;
  private int position;
  private final List<ImageOp> imageOps = new ArrayList<>();
  private final List<BatchOp> batchOps = new ArrayList<>();

  PolicyParser(String text) {
    this.text = text;
  }

  AugmentationPolicy parse() {
    if (text.strip().equals(NOTHING)) {
      return AugmentationPolicy.NONE;
    }
    operation();
    while (peek() == ',') {
      position++;
      operation();
    }
    if (peek() != END) {
      throw expected("',' or the end", position);
    }
    return new AugmentationPolicy(imageOps, batchOps);
  }

  private void operation() {
    peek();
    int start = position;
    String word = take(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
    OpSyntax syntax = OpSyntaxes.of(word).orElseThrow(() -> unknown(word, start));
    Object[] values = new Object[syntax.parameters().size() + 1];
    if (peek() == '(') {
      position++;
      arguments(syntax, values);
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        Parameter parameter = syntax.parameter(i);
        values[i] =
            parameter
                .byDefault()
                .orElseThrow(() -> expected("'(' and " + parameter.name() + of(syntax), position));
      }
    }
    add(syntax, values, start);
  }

  private void add(OpSyntax syntax, Object[] values, int start) {
    int last = values.length - 1;
    double probability = (Double) values[last];
    Object op;
    try {
      op = syntax.build(Arrays.asList(values).subList(0, last));
    } catch (IllegalArgumentException e) {
      throw error(e.getMessage(), start);
    }
    if (op instanceof BatchOp batchOp) {
      batchOps.add(new SometimesBatch(batchOp, probability));
    } else {
      imageOps.add(new Sometimes((ImageOp) op, probability));
    }
  }

  /** What stands in the parentheses, and the one that closes them. */
  private void arguments(OpSyntax syntax, Object[] values) {
    boolean named = false;
    int next = 0;
    while (peek() != ')') {
      if (next > 0) {
        skip(',', syntax);
        peek();
      }
      int start = position;
      String first = value();
      if (peek() == '=' && !first.isEmpty()) {
        position++;
        peek();
        int index = syntax.index(first);
        if (index < 0) {
          throw unknown(first, syntax, start);
        }
        if (values[index] != null) {
          throw error("found '%s' twice".formatted(first), start);
        }
        int valueStart = position;
        values[index] = read(value(), syntax.parameter(index), syntax, valueStart);
        named = true;
      } else if (named) {
        throw expected("name=value behind a named argument" + of(syntax), start);
      } else if (next == values.length) {
        throw expected("')'" + of(syntax), start);
      } else {
        values[next] = read(first, syntax.parameter(next), syntax, start);
      }
      next++;
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && syntax.parameter(i).byDefault().isEmpty()) {
        throw expected(syntax.parameter(i).name() + of(syntax), position);
      }
    }
    position++;
  }

  private Object read(String value, Parameter parameter, OpSyntax syntax, int start) {
    if (value.isEmpty()) {
      throw expected(parameter.name() + of(syntax), start);
    }
    return parameter
        .read(value)
        .orElseThrow(
            () ->
                error(
                    "expected %s %s, found '%s'"
                        .formatted(parameter.name(), parameter.allowed(), value),
                    start));
  }

  private String value() {
    return take(c -> ",()=".indexOf(c) < 0 && !Character.isWhitespace(c));
  }

  private void skip(char wanted, OpSyntax syntax) {
    if (peek() != wanted) {
      throw expected("'" + wanted + "' or ')'" + of(syntax), position);
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

  private static String of(OpSyntax syntax) {
    return " of " + syntax.usage();
  }

  private ConvoyException unknown(String word, int start) {
    List<String> words = OpSyntaxes.words();
    String choices = "one of %s, or %s".formatted(String.join(", ", words), NOTHING);
    return word.isEmpty()
        ? expected(choices, start)
        : error(
            "expected %s, found '%s'%s".formatted(choices, word, Suggestion.of(word, words)),
            start);
  }

  private ConvoyException unknown(String name, OpSyntax syntax, int start) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i <= syntax.parameters().size(); i++) {
      names.add(syntax.parameter(i).name());
    }
    return error(
        "expected %s%s, found '%s'%s"
            .formatted(String.join(" or ", names), of(syntax), name, Suggestion.of(name, names)),
        start);
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
