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
  private static final Kind MODEL = new Kind("model", ModelDirectory.NETWORK);

  private final HadoopFiles files;
  private final Kind kind;
  private final Path target;
  private final Path beside;
  private final boolean overwrite;
  private boolean done;

  /**
   * What lies in a directory.
   *
   * @param name in messages
   * @param mark a file that is in every such directory, and only there
   */
  public record Kind(String name, String mark) {}

  private AtomicDirectory(
      HadoopFiles files, Kind kind, Path target, Path beside, boolean overwrite) {
    this.files = files;
    this.kind = kind;
    this.target = target;
    this.beside = beside;
    this.overwrite = overwrite;
  }

  /** The same for a model. */
  public static AtomicDirectory create(
      Configuration configuration, String target, boolean overwrite) {
    return create(configuration, target, overwrite, MODEL);
  }

  /**
   * Creates the directory beside its place, so that a place that cannot be written is known before
   * the work begins.
   *
   * @param overwrite whether a directory of the same kind that is at the target may be replaced;
   *     nothing else is ever, lest a wrong path costs somebody his files
   * @throws ConvoyException if it may not, or if nothing can be written there
   */
  public static AtomicDirectory create(
      Configuration configuration, String target, boolean overwrite, Kind kind) {
    HadoopFiles files = HadoopFiles.of(configuration, target);
    try {
      Path path = new Path(target);
      if (path.getParent() == null && path.isAbsolute()) {
        throw new ConvoyException(target + ": expected a directory to write, got a root");
      }
      checkReplaceable(files, kind, path, overwrite);
      Path beside = path.suffix(".tmp-" + UUID.randomUUID());
      try {
        files.createDirectory(beside);
      } catch (ConvoyException e) {
        throw new ConvoyException(
            "%s: expected a place to write a directory: %s".formatted(target, e.getMessage()), e);
      }
      return new AtomicDirectory(files, kind, path, beside, overwrite);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static void checkReplaceable(
      HadoopFiles files, Kind kind, Path target, boolean overwrite) {
    if (!files.exists(target)) {
      return;
    }
    if (!overwrite) {
      throw new ConvoyException(
          "%s: already exists (--overwrite replaces a %s)".formatted(target, kind.name()));
    }
    boolean replaceable =
        files.isDirectory(target)
            && (files.isEmpty(target) || files.exists(new Path(target, kind.mark())));
    if (!replaceable) {
      throw new ConvoyException(
          "%s: expected a %s directory to overwrite, found something else"
              .formatted(target, kind.name()));
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
    checkReplaceable(files, kind, target, overwrite);
    files.renameOver(beside, target);
    done = true;
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
