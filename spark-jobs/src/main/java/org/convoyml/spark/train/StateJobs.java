package org.convoyml.spark.train;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.spark.checkpoint.StateFiles;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.data.Jobs;
import org.convoyml.spark.model.HadoopFiles;

/**
 * What is done with files of a state on executors, so that their bytes never pass through the
 * driver.
 */
final class StateJobs {
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

  /** Copies a file, on any file systems. What is there is replaced. */
  void copy(Path from, Path to) {
    SerializableConfiguration hadoop = configuration;
    String[] paths = {from.toString(), to.toString()};
    Jobs.run(
        () -> {
          spark.parallelize(List.<String[]>of(paths), 1).foreach(pair -> copy(hadoop, pair));
          return null;
        });
  }

  private static void copy(SerializableConfiguration hadoop, String[] paths) {
    try (HadoopFiles source = HadoopFiles.of(hadoop.value(), paths[0]);
        HadoopFiles target = HadoopFiles.of(hadoop.value(), paths[1])) {
      Path to = new Path(paths[1]);
      // Left by an attempt of this task that failed.
      target.delete(to);
      source.read(
          new Path(paths[0]),
          (in, length) -> {
            target.write(to, in::transferTo);
            return null;
          });
    }
  }
}
