package org.convoyml.aug.policy;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.convoyml.aug.op.Range;

/**
 * How an operation is written in a policy: its word and its arguments, which are the components of
 * its record in order, and then {@code p}, the probability with which it is applied.
 *
 * @param word for example {@code rotate}
 * @param type the operation's record
 * @param parameters one for each component of the record
 * @param probability what {@code p} is if it is not written
 */
record OpSyntax(
    String word, Class<? extends Record> type, List<Parameter> parameters, Parameter probability) {
  /** The name of the probability's argument. */
  static final String PROBABILITY = "p";

  private static final Range PROBABILITIES = new Range(0, 1);

  OpSyntax {
    List<String> components =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    List<String> names = parameters.stream().map(Parameter::name).toList();
    if (!names.equals(components)) {
      throw new IllegalArgumentException(
          "%s has %s, got %s".formatted(type.getSimpleName(), components, names));
    }
  }

  /** An operation that is applied to every image unless {@code p} is written. */
  static OpSyntax always(String word, Class<? extends Record> type, Parameter... parameters) {
    return sometimes(word, type, 1, parameters);
  }

  /** An operation that is applied with the given probability unless {@code p} is written. */
  static OpSyntax sometimes(
      String word, Class<? extends Record> type, double probability, Parameter... parameters) {
    return new OpSyntax(
        word,
        type,
        List.of(parameters),
        new Parameter.Decimal(PROBABILITY, PROBABILITIES, Optional.of(probability)));
  }

  /** For example {@code rotate(maxDegrees 0 to 180)}, or {@code flip(p 0 to 1 = 0.5)}. */
  String usage() {
    List<String> usages = new ArrayList<>(parameters.stream().map(Parameter::usage).toList());
    // Every operation has p; it is worth a mention where it is not 1, or all there is.
    if (usages.isEmpty() || !probability.byDefault().equals(Optional.of(1.0))) {
      usages.add(probability.usage());
    }
    return usages.stream().collect(joining(", ", word + "(", ")"));
  }

  /** The argument at a position; the last is {@code p}. */
  Parameter parameter(int index) {
    return index == parameters.size() ? probability : parameters.get(index);
  }

  /** The position of the argument with this name; -1 if there is none. */
  int index(String name) {
    for (int i = 0; i <= parameters.size(); i++) {
      if (parameter(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Builds the operation.
   *
   * @param values one for each parameter, as {@link Parameter#read} gave them
   * @throws IllegalArgumentException if the values do not go together; the message says why
   */
  Object build(List<Object> values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException problem) {
        throw problem;
      }
      throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
    }
  }

  /**
   * Writes an operation of this type in the one canonical way: arguments in order for as long as
   * none is left out, then by name; those that are as by default are left out.
   *
   * @param applied its probability
   */
  String write(Object op, double applied) {
    List<String> arguments = new ArrayList<>();
    boolean leftOut = false;
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Object value = value(op, type.getRecordComponents()[i]);
      if (parameter.byDefault().equals(Optional.of(value))) {
        leftOut = true;
      } else {
        arguments.add((leftOut ? parameter.name() + "=" : "") + parameter.write(value));
      }
    }
    if (!probability.byDefault().equals(Optional.of(applied))) {
      arguments.add(PROBABILITY + "=" + probability.write(applied));
    }
    return arguments.isEmpty() ? word : word + "(" + String.join(", ", arguments) + ")";
  }

  private Object value(Object op, RecordComponent component) {
    try {
      return component.getAccessor().invoke(op);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component + " of " + op, e);
    }
  }
}
