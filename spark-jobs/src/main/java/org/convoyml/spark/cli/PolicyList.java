package org.convoyml.spark.cli;

import java.util.stream.Collectors;
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
            word,
            argument.name(),
            argument.byDefault().orElse("must be given"),
            argument.allowed());
        word = "";
      }
    }
    return table.render();
  }

  /** The words alone, for a help text. */
  static String words() {
    return PolicyEntry.all().stream().map(PolicyEntry::word).collect(Collectors.joining(", "));
  }
}
