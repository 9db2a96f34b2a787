package org.convoyml.aug.policy;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.Range;
import org.convoyml.aug.op.Rotate;
import org.convoyml.aug.op.Translate;

/** How an operation is written in a policy: its word, its parameters, and what they build. */
enum OpSyntax {
  ROTATE(
      "rotate",
      List.of(new Parameter("maxDegrees", Rotate.MAX_DEGREES)),
      values -> new Rotate(values.get(0))),
  TRANSLATE(
      "translate",
      List.of(new Parameter("maxFraction", Translate.MAX_FRACTION)),
      values -> new Translate(values.get(0)));

  /** A number in the parentheses. */
  record Parameter(String name, Range range) {
    @Override
    public String toString() {
      return name + " " + range;
    }
  }

  private final String word;
  private final List<Parameter> parameters;
  private final Function<List<Double>, ImageOp> builder;

  OpSyntax(String word, List<Parameter> parameters, Function<List<Double>, ImageOp> builder) {
    this.word = word;
    this.parameters = parameters;
    this.builder = builder;
  }

  static Optional<OpSyntax> of(String word) {
    return Arrays.stream(values()).filter(op -> op.word.equals(word)).findFirst();
  }

  /** All that can be written, for messages. */
  static String choices() {
    return Arrays.stream(values()).map(OpSyntax::usage).collect(joining(", "));
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** For example {@code rotate(maxDegrees 0 to 180)}. */
  String usage() {
    return word + parameters.stream().map(Parameter::toString).collect(joining(", ", "(", ")"));
  }

  /** Builds the operation; there are as many values as parameters, each in its range. */
  ImageOp build(List<Double> values) {
    return builder.apply(values);
  }
}
