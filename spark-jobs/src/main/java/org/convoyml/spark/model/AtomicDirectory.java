package org.convoyml.spark.model;

import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;

/**
 * A directory that is written beside its place and renamed into it when it is complete. Closed
 * before that, it leaves nothing behind.
 */
public final class AtomicDirectory implements AutoCloseable {
  private final HadoopFiles files;
  private final Path target;
  private final Path beside;
  private final boolean overwrite;
  private boolean done;

  private AtomicDirectory(HadoopFiles files, Path target, Path beside, boolean overwrite) {
    this.files = files;
    this.target = target;
    this.beside = beside;
    this.overwrite = overwrite;
  }

  /**
   * Creates the directory beside its place, so that a place that cannot be written is known before
   * the work begins.
   *
   * @param overwrite whether a model that is at the target may be replaced; nothing else is ever,
   *     lest a wrong path costs somebody his files
   * @throws ConvoyException if it may not, or if nothing can be written there
   */
  public static AtomicDirectory create(
      Configuration configuration, String target, boolean overwrite) {
    HadoopFiles files = HadoopFiles.of(configuration, target);
    try {
      Path path = new Path(target);
      if (path.getParent() == null && path.isAbsolute()) {
        throw new ConvoyException(target + ": expected a directory to write, got a root");
      }
      checkReplaceable(files, path, overwrite);
      Path beside = path.suffix(".tmp-" + UUID.randomUUID());
      try {
        files.createDirectory(beside);
      } catch (ConvoyException e) {
        throw new ConvoyException(
            "%s: expected a place to write a directory: %s".formatted(target, e.getMessage()), e);
      }
      return new AtomicDirectory(files, path, beside, overwrite);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static void checkReplaceable(HadoopFiles files, Path target, boolean overwrite) {
    if (!files.exists(target)) {
      return;
    }
    if (!overwrite) {
      throw new ConvoyException(target + ": already exists (--overwrite replaces a model)");
    }
    boolean replaceable =
        files.isDirectory(target) && (files.isEmpty(target) || ModelDirectory.isAt(files, target));
    if (!replaceable) {
      throw new ConvoyException(
          target + ": expected a model directory to overwrite, found something else");
    }
  }

  public HadoopFiles files() {
    return files;
  }

  /** Where to write until {@link #commit}. */
  public Path path() {
    return beside;
  }

  /**
   * Puts it in its place.
   *
   * @throws ConvoyException if that cannot be done, or something appeared there in the meantime
   *     that may not be replaced
   */
  public void commit() {
    // Renaming to a directory that exists would put this one inside it.
    checkReplaceable(files, target, overwrite);
    if (files.exists(target)) {
      replace();
    } else {
      files.rename(beside, target);
    }
    done = true;
  }

  private void replace() {
    Path old = target.suffix(".old-" + UUID.randomUUID());
    files.rename(target, old);
    try {
      files.rename(beside, target);
    } catch (ConvoyException e) {
      files.rename(old, target);
      throw e;
    }
    files.delete(old);
  }

  @Override
  public void close() {
    try (files) {
      if (!done) {
        files.delete(beside);
      }
    }
  }
}
