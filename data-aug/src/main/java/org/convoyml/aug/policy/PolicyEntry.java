package org.convoyml.aug.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that a policy can have, for people to look up; taken from the table that the parser
 * reads policies by.
 *
 * @param word for example {@code rotate}
 * @param arguments in order; the last is {@code p}, the probability
 */
public record PolicyEntry(String word, List<Argument> arguments) {
  /**
   * One argument.
   *
   * @param name by which it can be given
   * @param allowed for example {@code 0 to 180}
   * @param byDefault what it is if it is not given; empty if it must be
   */
  public record Argument(String name, String allowed, Optional<String> byDefault) {}

  public PolicyEntry {
    arguments = List.copyOf(arguments);
  }

  /** All that there is. */
  public static List<PolicyEntry> all() {
    return OpSyntaxes.all().stream().map(PolicyEntry::of).toList();
  }

  private static PolicyEntry of(OpSyntax syntax) {
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i <= syntax.parameters().size(); i++) {
      Parameter parameter = syntax.parameter(i);
      arguments.add(
          new Argument(
              parameter.name(), parameter.allowed(), parameter.byDefault().map(parameter::write)));
    }
    return new PolicyEntry(syntax.word(), arguments);
  }
}
