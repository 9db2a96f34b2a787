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
          () ->
              Jobs.await(
                  spark
                      .parallelize(parts, parts.size())
                      .foreachAsync(part -> verify(hadoop, place, part))));
    }
  }

  private static void verify(SerializableConfiguration hadoop, String directory, StatePart part) {
    try (HadoopFiles files = HadoopFiles.of(hadoop.value(), directory)) {
      new StateFiles(files, new Path(directory)).verify(part);
    }
  }

  /**
   * Copies one file of a state, on any file systems, and compares its checksum.
   *
   * @param to the new file; what is there is replaced
   * @throws org.convoyml.nn.ConvoyException if it is missing or another
   */
  void copy(Path directory, StatePart part, Path to) {
    String source = directory.toString();
    String target = to.toString();
    SerializableConfiguration hadoop = configuration;
    Jobs.run(
        () ->
            Jobs.await(
                spark
                    .parallelize(List.of(part), 1)
                    .foreachAsync(one -> copy(hadoop, source, one, target))));
  }

  private static void copy(
      SerializableConfiguration hadoop, String directory, StatePart part, String target) {
    try (HadoopFiles from = HadoopFiles.of(hadoop.value(), directory);
        HadoopFiles to = HadoopFiles.of(hadoop.value(), target)) {
      // Left by an attempt of this task that failed.
      to.delete(new Path(target));
      to.write(new Path(target), out -> new StateFiles(from, new Path(directory)).copy(part, out));
    }
  }
}
