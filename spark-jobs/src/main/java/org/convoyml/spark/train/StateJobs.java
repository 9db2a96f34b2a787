package org.convoyml.spark.train;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.checkpoint.StateFiles;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.driver.Jobs;
import org.convoyml.spark.model.HadoopFiles;

/**
 * What is done with files of a state on executors, so that their bytes never pass through the
 * driver.
 */
final class StateJobs {
  private static final String ATTEMPT = ".attempt-";

  private final JavaSparkContext spark;
  private final SerializableConfiguration configuration;

  StateJobs(SparkContext spark, Configuration hadoop) {
    this.spark = JavaSparkContext.fromSparkContext(spark);
    this.configuration = new SerializableConfiguration(hadoop);
  }

  /**
   * Compares files with their checksums.
   *
   * @throws org.convoyml.nn.ConvoyException if one is missing or another
   */
  void verify(Path directory, List<StatePart> parts) {
    String place = directory.toString();
    SerializableConfiguration hadoop = configuration;
    if (!parts.isEmpty()) {
      Jobs.run(
          () -> {
            spark.parallelize(parts, parts.size()).foreach(part -> verify(hadoop, place, part));
            return null;
          });
    }
  }

  private static void verify(SerializableConfiguration hadoop, String directory, StatePart part) {
    try (HadoopFiles files = HadoopFiles.of(hadoop.value(), directory)) {
      new StateFiles(files, new Path(directory)).verify(part);
    }
  }

  /**
   * Copies one file of a state, on any file systems, and compares its checksum. Each attempt at the
   * task writes a file of its own.
   *
   * @param files where the new file is
   * @param to the new file
   * @throws org.convoyml.nn.ConvoyException if it is missing or another
   */
  void copy(Path directory, StatePart part, HadoopFiles files, Path to) {
    String source = directory.toString();
    String attempts = to + ATTEMPT;
    SerializableConfiguration hadoop = configuration;
    List<String> copies =
        Jobs.run(
            () ->
                spark
                    .parallelize(List.of(part), 1)
                    .map(one -> copy(hadoop, source, one, attempts))
                    .collect());
    Path copy = new Path(copies.get(0));
    if (files.length(copy) != part.bytes()) {
      throw new ConvoyException(
          "%s: expected %d bytes as written, found %d"
              .formatted(copy, part.bytes(), files.length(copy)));
    }
    files.rename(copy, to);
    // Left by attempts that failed.
    files.list(to.getParent()).stream()
        .filter(path -> path.getName().startsWith(to.getName() + ATTEMPT))
        .forEach(files::delete);
  }

  private static String copy(
      SerializableConfiguration hadoop, String directory, StatePart part, String attempts) {
    String target = attempts + TaskContext.get().taskAttemptId();
    try (HadoopFiles from = HadoopFiles.of(hadoop.value(), directory);
        HadoopFiles to = HadoopFiles.of(hadoop.value(), target)) {
      to.write(new Path(target), out -> new StateFiles(from, new Path(directory)).copy(part, out));
    }
    return target;
  }
}
