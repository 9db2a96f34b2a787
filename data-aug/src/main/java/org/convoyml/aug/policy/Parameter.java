package org.convoyml.aug.policy;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.convoyml.aug.op.Range;

/** One argument of an operation: its name, what it may be, and what it is if not given. */
sealed interface Parameter {
  /** The name of the record's component. */
  String name();

  /** What it is if it is not written; empty if it must be. */
  Optional<Object> byDefault();

  /** Reads a value; empty if it is none of those allowed. */
  Optional<Object> read(String text);

  /** Writes a value as {@link #read} understands it. */
  String write(Object value);

  /** What it may be, for example {@code 0 to 180}. */
  String allowed();

  /** For example {@code maxDegrees 0 to 180}, or {@code n 1 to 16 = 2}. */
  default String usage() {
    return name() + " " + allowed() + byDefault().map(value -> " = " + write(value)).orElse("");
  }

  /** A number. */
  record Decimal(String name, Range range, Optional<Object> byDefault) implements Parameter {
    private static final Pattern SYNTAX =
        Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    static Optional<Double> number(String text) {
      // Adding 0 makes 0 of -0, which a record would tell from 0.
      return SYNTAX.matcher(text).matches()
          ? Optional.of(Double.parseDouble(text) + 0.0)
          : Optional.empty();
    }

    @Override
    public Optional<Object> read(String text) {
      return number(text).filter(range::contains).map(value -> value);
    }

    @Override
    public String write(Object value) {
      return Range.format((Double) value);
    }

    @Override
    public String allowed() {
      return range.toString();
    }
  }

  /** A whole number. */
  record Whole(String name, Range range, Optional<Object> byDefault) implements Parameter {
    @Override
    public Optional<Object> read(String text) {
      return Decimal.number(text)
          .filter(value -> range.contains(value) && value == Math.rint(value))
          .map(Double::intValue);
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }

    @Override
    public String allowed() {
      return range + ", whole";
    }
  }

  /** One of an enum's constants, written in lower case with hyphens. */
  record Choice(String name, Class<? extends Enum<?>> type, Optional<Object> byDefault)
      implements Parameter {
    @Override
    public Optional<Object> read(String text) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> write(constant).equals(text))
          .findFirst()
          .map(constant -> constant);
    }

    @Override
    public String write(Object value) {
      return ((Enum<?>) value).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String allowed() {
      return Arrays.stream(type.getEnumConstants()).map(this::write).collect(joining(" or "));
    }
  }
}
