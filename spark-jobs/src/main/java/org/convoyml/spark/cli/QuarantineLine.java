package org.convoyml.spark.cli;

import static java.util.stream.Collectors.joining;

import org.convoyml.spark.data.Quarantine;

/** Tells which images were left out. */
final class QuarantineLine {
  private QuarantineLine() {}

  /**
   * How many, where they were met, and the most frequent reasons.
   *
   * @param list the file that names them all; null if there is none
   */
  static String of(Quarantine quarantine, String list) {
    String executors =
        quarantine.executors().entrySet().stream()
            .map(entry -> "%d on %s".formatted(entry.getValue(), executor(entry.getKey())))
            .collect(joining(", "));
    return "left out %d corrupt image%s (%s): %s%s"
        .formatted(
            quarantine.size(),
            quarantine.size() == 1 ? "" : "s",
            executors,
            quarantine.reasons().worst(),
            list == null ? "" : "; all are in " + list);
  }

  /** Spark calls the driver's own executor, in local mode, by that name. */
  private static String executor(String id) {
    return id.equals("driver") ? "the driver" : "executor " + id;
  }
}
