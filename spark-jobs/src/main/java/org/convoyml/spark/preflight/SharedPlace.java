package org.convoyml.spark.preflight;

import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.model.HadoopFiles;

/**
 * A folder beside the place that a training will write, made for trying whether the driver and all
 * executors see the same there. Close it: that deletes it.
 */
final class SharedPlace implements AutoCloseable {
  static final String FIX =
      "choose a directory that all machines can write and see alike, such as hdfs://...";

  private static final String DRIVER = "driver";

  private final HadoopFiles files;
  private final String target;
  private final Path folder;

  private SharedPlace(HadoopFiles files, String target, Path folder) {
    this.files = files;
    this.target = target;
    this.folder = folder;
  }

  /**
   * Creates it where the first directory on the way to the target would be created, and writes a
   * file there.
   *
   * @throws ConvoyException if nothing can be written there
   */
  static SharedPlace create(Configuration configuration, String target) {
    HadoopFiles files = HadoopFiles.of(configuration, target);
    try {
      Path ancestor = new Path(target).getParent();
      while (ancestor != null && !ancestor.toString().isEmpty() && !files.exists(ancestor)) {
        ancestor = ancestor.getParent();
      }
      Path folder =
          ancestor == null || ancestor.toString().isEmpty()
              ? new Path(name())
              : new Path(ancestor, name());
      files.createDirectory(folder);
      return new SharedPlace(files, target, folder).written();
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** Writes the driver's file; if that fails, nothing is left. */
  private SharedPlace written() {
    try {
      files.writeText(new Path(folder, DRIVER), folder.getName());
      return this;
    } catch (RuntimeException e) {
      try {
        files.delete(folder);
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static String name() {
    return ".convoy-preflight-" + UUID.randomUUID();
  }

  /** The name of an executor's file. */
  static String file(String executor) {
    return "executor-" + executor;
  }

  /** The place that it stands for. */
  String target() {
    return target;
  }

  /** Where executors find it. An absolute path may mean something else there. */
  String folder() {
    return folder.toString();
  }

  /**
   * Reads what an executor has written.
   *
   * @throws ConvoyException if it is not there
   */
  void read(String file) {
    read(files, folder, file);
  }

  /**
   * On an executor: reads the driver's file, then writes one.
   *
   * @throws ConvoyException if it cannot
   */
  static void visit(Configuration configuration, String folder, String file) {
    try (HadoopFiles files = HadoopFiles.of(configuration, folder)) {
      // In this order: what only this machine sees would stay behind.
      read(files, new Path(folder), DRIVER);
      files.writeText(new Path(folder, file), new Path(folder).getName());
    }
  }

  /**
   * On an executor: reads the file of another.
   *
   * @throws ConvoyException if it is not there
   */
  static void read(Configuration configuration, String folder, String file) {
    try (HadoopFiles files = HadoopFiles.of(configuration, folder)) {
      read(files, new Path(folder), file);
    }
  }

  private static void read(HadoopFiles files, Path folder, String name) {
    Path file = new Path(folder, name);
    String text = files.readText(file);
    if (!text.equals(folder.getName())) {
      throw new ConvoyException(
          "%s: expected '%s', found '%s'".formatted(file, folder.getName(), text));
    }
  }

  @Override
  public void close() {
    try (files) {
      files.delete(folder);
    }
  }
}
