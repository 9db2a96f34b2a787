package org.convoyml.spark.checkpoint;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.model.HadoopFiles;

/**
 * The checkpoints of one training in one directory, on the driver. Each is a directory of its own:
 * workers write to one whose name is used once, so that what belongs to an attempt that was given
 * up is never mixed with another; it is then renamed; its manifest comes last. A directory without
 * a manifest is torn, and is passed over.
 *
 * @param <S> a record that says where the training stands
 */
public final class Checkpoints<S extends Record> implements AutoCloseable {
  private static final String PREFIX = "round-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "\\d{6,9}");
  private static final String ATTEMPT = ".attempt-";
  private static final Pattern ATTEMPTED =
      Pattern.compile(NAME.pattern() + Pattern.quote(ATTEMPT) + ".*");

  private final HadoopFiles files;
  private final Path directory;
  private final Class<S> stateType;
  private boolean used;

  /** Looks at a checkpoint's files. */
  @FunctionalInterface
  public interface Verification<S> {
    /**
     * @throws ConvoyException if a file is not what was written
     */
    void verify(Path directory, Manifest<S> manifest);
  }

  /** Those in a directory, which need not exist. */
  public Checkpoints(Configuration configuration, String directory, Class<S> stateType) {
    this.files = HadoopFiles.of(configuration, directory);
    this.directory = new Path(directory);
    this.stateType = stateType;
  }

  /** Whether there are any, whole or torn. */
  public boolean exist() {
    return !rounds().isEmpty();
  }

  public Path directory() {
    return directory;
  }

  /** The file system that they are on. */
  public HadoopFiles files() {
    return files;
  }

  /** Deletes all, and the directory if nothing else is in it: it may be somebody's own. */
  public void delete() {
    deleteAttempts();
    rounds().forEach(round -> files.delete(path(round)));
    deleteIfEmpty();
  }

  private void deleteIfEmpty() {
    if (files.exists(directory) && files.isEmpty(directory)) {
      files.delete(directory);
    }
  }

  /**
   * The newest that is whole. What attempts left behind that were given up is deleted.
   *
   * @param expected identity of the training that is to go on
   * @param verification looks at the files' contents
   * @param skipped is told, in one line each, which were passed over and why
   * @return nothing if no round was ever complete
   * @throws ConvoyException if the newest is of another training, or there are some of which none
   *     can be used
   */
  public Optional<Checkpoint<S>> newest(
      TrainingIdentity expected, Verification<S> verification, Consumer<String> skipped) {
    deleteAttempts();
    List<String> torn = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (int round : rounds()) {
      Path path = path(round);
      try {
        Optional<Manifest<S>> manifest = manifest(path);
        if (manifest.isEmpty()) {
          torn.add(path + ": has no manifest, so it is not whole");
        } else {
          Manifest<S> found = manifest.get();
          expected.check(found.identity(), path.toString());
          if (isIntact(path, found, verification, reasons)) {
            found.identity().warnOfVersions(expected, path.toString(), skipped);
            torn.forEach(skipped);
            reasons.forEach(skipped);
            return Optional.of(new Checkpoint<>(path, found));
          }
        }
      } catch (DamagedException e) {
        reasons.add(e.getMessage());
      }
    }
    if (!reasons.isEmpty()) {
      throw new ConvoyException(
          "%s: no checkpoint can be used: %s".formatted(directory, String.join("; ", reasons)));
    }
    return Optional.empty();
  }

  /** A manifest that cannot be read. */
  private static final class DamagedException extends ConvoyException {
    private static final long serialVersionUID = 1L;

    private DamagedException(ConvoyException reason) {
      super(reason.getMessage(), reason);
    }
  }

  private Optional<Manifest<S>> manifest(Path path) {
    Path file = new Path(path, Manifest.FILE);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try {
      String text = files.readText(file);
      return Optional.of(Manifest.fromJson(text, stateType, file.toString()));
    } catch (ConvoyException e) {
      throw isPassing(e) ? e : new DamagedException(e);
    }
  }

  private static <S> boolean isIntact(
      Path path, Manifest<S> manifest, Verification<S> verification, List<String> reasons) {
    try {
      verification.verify(path, manifest);
      return true;
    } catch (ConvoyException e) {
      if (isPassing(e)) {
        throw e;
      }
      reasons.add(e.getMessage());
      return false;
    }
  }

  /** A file system that does not answer says nothing about what it holds. */
  private static boolean isPassing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return !(cause instanceof FileNotFoundException
            || cause instanceof EOFException
            || cause instanceof CharacterCodingException
            || cause instanceof JsonProcessingException
            || cause instanceof ChecksumException
            || cause instanceof BlockMissingException);
      }
    }
    return false;
  }

  /** Numbers of the rounds that have a directory, the newest first. */
  private List<Integer> rounds() {
    return entries(NAME)
        .map(path -> Integer.parseInt(path.getName().substring(PREFIX.length())))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Deletes what attempts have left that were given up. */
  private void deleteAttempts() {
    entries(ATTEMPTED).toList().forEach(files::delete);
  }

  private Stream<Path> entries(Pattern name) {
    return files.isDirectory(directory)
        ? files.list(directory).stream().filter(path -> name.matcher(path.getName()).matches())
        : Stream.empty();
  }

  private Path path(int round) {
    return new Path(directory, PREFIX + "%06d".formatted(round));
  }

  /** Creates a directory in which workers write the state after a round. */
  public Path attempt(int round) {
    used = true;
    Path attempt = path(round).suffix(ATTEMPT + UUID.randomUUID());
    files.createDirectory(attempt);
    return attempt;
  }

  /**
   * Makes a checkpoint of what workers have written.
   *
   * @param round its number
   * @param attempt the directory they wrote to
   * @param manifest says what is there
   */
  public Checkpoint<S> commit(int round, Path attempt, Manifest<S> manifest) {
    checkWritten(attempt, manifest.parts());
    Path path = path(round);
    // Left by a run that ended between the two steps below, or damaged and so passed over.
    files.delete(path);
    files.rename(attempt, path);
    files.replaceText(new Path(path, Manifest.FILE), manifest.toJson());
    return new Checkpoint<>(path, manifest);
  }

  /** Files that are not there as they were written are better noticed now than when needed. */
  private void checkWritten(Path attempt, List<StatePart> parts) {
    for (StatePart part : parts) {
      long found = files.length(new Path(attempt, part.name()));
      if (found != part.bytes()) {
        throw new ConvoyException(
            "%s/%s: expected %d bytes as written, found %d"
                .formatted(attempt, part.name(), part.bytes(), found));
      }
    }
  }

  /** A checkpoint that was committed before and kept. */
  public Checkpoint<S> of(int round) {
    Path path = path(round);
    return new Checkpoint<>(
        path,
        manifest(path)
            .orElseThrow(() -> new ConvoyException(path + ": expected a checkpoint, found none")));
  }

  /**
   * Deletes all but the newest few, and what these need. Those behind the last one are damaged, or
   * they would have been used.
   *
   * @param last the newest that is whole
   * @param keep how many up to that are kept
   * @param needed the number of the other checkpoint that a state refers to
   */
  public void prune(int last, int keep, ToIntFunction<S> needed) {
    deleteAttempts();
    List<Integer> rounds = rounds();
    Set<Integer> kept = rounds.stream().filter(round -> round <= last).limit(keep).collect(toSet());
    Set<Integer> others =
        kept.stream()
            .map(this::readable)
            .flatMap(Optional::stream)
            .map(manifest -> needed.applyAsInt(manifest.state()))
            .collect(toSet());
    rounds.stream()
        .filter(round -> !kept.contains(round) && !others.contains(round))
        .forEach(round -> files.delete(path(round)));
  }

  private Optional<Manifest<S>> readable(int round) {
    try {
      return manifest(path(round));
    } catch (DamagedException e) {
      return Optional.empty();
    }
  }

  /** Deletes what an attempt has written. */
  public void giveUp(Path attempt) {
    files.delete(attempt);
  }

  /** Leaves no empty directory behind. */
  @Override
  public void close() {
    try (files) {
      if (used && rounds().isEmpty()) {
        delete();
      }
    }
  }
}
