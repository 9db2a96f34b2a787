package org.convoyml.nn.train;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.convoyml.nn.ConvoyException;

/**
 * A word, or a word with arguments in parentheses, as users write optimizers and schedules: {@code
 * cosine}, {@code step(30, 0.1)}, {@code sgd(momentum=0.9, nesterov)}. Numbers may be given by
 * position or by name. Whoever reads the arguments asks for each, then calls {@link #end}.
 */
final class CallText {
  private final String what;
  private final String text;
  private final String word;
  private final List<Argument> arguments = new ArrayList<>();
  private final Set<Argument> used = new HashSet<>();

  /**
   * @param name before the equals sign, or empty
   * @param value behind it, or all
   * @param column of the first character, from 1
   */
  private record Argument(String name, String value, int column) {}

  /**
   * Takes a text apart.
   *
   * @param what names it in messages, for example {@code optimizer}
   */
  CallText(String what, String text) {
    this.what = what;
    this.text = text;
    int open = text.indexOf('(');
    String trimmed = text.strip();
    this.word = (open < 0 ? trimmed : text.substring(0, open)).strip();
    if (open >= 0) {
      if (!trimmed.endsWith(")")) {
        throw error(text.length() + 1, "expected ')'");
      }
      String inside = text.substring(open + 1, text.lastIndexOf(')'));
      if (!inside.isBlank()) {
        split(inside, open + 2);
      }
    }
  }

  private void split(String inside, int firstColumn) {
    int column = firstColumn;
    for (String part : inside.split(",", -1)) {
      int leading = part.length() - part.stripLeading().length();
      int equals = part.indexOf('=');
      arguments.add(
          equals < 0
              ? new Argument("", part.strip(), column + leading)
              : new Argument(
                  part.substring(0, equals).strip(),
                  part.substring(equals + 1).strip(),
                  column + leading));
      column += part.length() + 1;
    }
  }

  String word() {
    return word;
  }

  /** A number by name or position, or its default. */
  double number(String name, int position, double byDefault) {
    Argument found = find(name, position);
    if (found == null) {
      return byDefault;
    }
    used.add(found);
    try {
      return Double.parseDouble(found.value());
    } catch (NumberFormatException e) {
      throw error(
          found.column(), "expected a number for %s, found '%s'".formatted(name, found.value()));
    }
  }

  /** A number that must be given. */
  double number(String name, int position) {
    if (find(name, position) == null) {
      throw error(text.length() + 1, "%s needs %s".formatted(word, name));
    }
    return number(name, position, 0);
  }

  /** Whether a word stands among the arguments. */
  boolean flag(String name) {
    for (Argument argument : arguments) {
      if (argument.name().isEmpty() && argument.value().equals(name)) {
        used.add(argument);
        return true;
      }
    }
    return false;
  }

  private Argument find(String name, int position) {
    for (Argument argument : arguments) {
      if (argument.name().equals(name)) {
        return argument;
      }
    }
    boolean positional =
        position < arguments.size()
            && arguments.get(position).name().isEmpty()
            && !Character.isLetter((arguments.get(position).value() + "?").charAt(0));
    return positional ? arguments.get(position) : null;
  }

  /** Everything that was written was asked for. */
  void end(String usage) {
    for (Argument argument : arguments) {
      if (!used.contains(argument)) {
        throw error(
            argument.column(),
            "expected %s, found '%s'"
                .formatted(usage, argument.name().isEmpty() ? argument.value() : argument.name()));
      }
    }
  }

  /** The word is none of those that there are. */
  ConvoyException unknown(String choices) {
    return error(1, "expected one of %s, found '%s'".formatted(choices, word));
  }

  private ConvoyException error(int column, String problem) {
    return new ConvoyException("%s \"%s\", column %d: %s".formatted(what, text, column, problem));
  }
}
