package org.convoyml.spark.checkpoint;

import org.apache.hadoop.fs.Path;

/**
 * A checkpoint that is complete. Its directory is also that of the model as it was then.
 *
 * @param directory where it lies
 * @param manifest says what is in it
 */
public record Checkpoint<S>(Path directory, Manifest<S> manifest) {
  public S state() {
    return manifest.state();
  }
}
