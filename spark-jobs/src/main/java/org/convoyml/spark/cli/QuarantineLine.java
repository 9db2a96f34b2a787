package org.convoyml.spark.cli;

import static java.util.stream.Collectors.joining;

import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.dataset.DatasetImporter;

/** Tells which images are corrupt. */
final class QuarantineLine {
  private QuarantineLine() {}

  /**
   * How many, where they were met, and the most frequent reasons.
   *
   * @param list the file that names them all; null if there is none
   */
  static String of(Quarantine quarantine, String list) {
    return text("left out %s", quarantine, list == null ? "" : "; all are in " + list);
  }

  /** The same of those that were packed with the others, which loses nothing. */
  static String kept(Quarantine quarantine, String dataset) {
    return text(
        "packed %s as they are",
        quarantine, "; all are in %s/%s".formatted(dataset, DatasetImporter.QUARANTINE));
  }

  private static String text(String done, Quarantine quarantine, String list) {
    String executors =
        quarantine.executors().entrySet().stream()
            .map(entry -> "%d on %s".formatted(entry.getValue(), executor(entry.getKey())))
            .collect(joining(", "));
    String images =
        "%d corrupt image%s (%s)"
            .formatted(quarantine.size(), quarantine.size() == 1 ? "" : "s", executors);
    return "%s: %s%s".formatted(done.formatted(images), quarantine.reasons().worst(), list);
  }

  /** Spark calls the driver's own executor, in local mode, by that name. */
  private static String executor(String id) {
    return id.equals("driver") ? "the driver" : "executor " + id;
  }
}
