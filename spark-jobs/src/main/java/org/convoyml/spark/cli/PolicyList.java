package org.convoyml.spark.cli;

import java.util.Iterator;
import org.convoyml.aug.policy.PolicyEntry;

/** All that an augmentation policy can have, as a table. */
final class PolicyList {
  private PolicyList() {}

  static String render() {
    TextTable table = new TextTable("operation", "argument", "default", "values");
    for (PolicyEntry entry : PolicyEntry.all()) {
      String word = entry.word();
      for (PolicyEntry.Argument argument : entry.arguments()) {
        table.add(
            word, argument.name(), argument.byDefault().orElse("must be given"), values(argument));
        word = "";
      }
    }
    return table.render();
  }

  /** Ranges begin with a word, since columns of numbers are aligned to the right. */
  private static String values(PolicyEntry.Argument argument) {
    String allowed = argument.allowed();
    return Character.isDigit(allowed.charAt(0)) ? "from " + allowed : allowed;
  }

  /** For the help. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return PolicyEntry.all().stream().map(PolicyEntry::word).iterator();
    }
  }
}
