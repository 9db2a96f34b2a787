package org.convoyml.spark.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.convoyml.aug.source.DriverDirectory;
import org.convoyml.nn.ConvoyException;

/** Files on one Hadoop file system, with errors of one line that name the path. */
public final class HadoopFiles implements AutoCloseable {
  private final FileSystem fileSystem;

  /** Reads or writes an open file. */
  @FunctionalInterface
  public interface Use<S> {
    void on(S stream) throws IOException;
  }

  /** Reads a file of known length. */
  @FunctionalInterface
  public interface Read<T> {
    T from(InputStream in, long length) throws IOException;
  }

  private HadoopFiles(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** The file system that a path belongs to. */
  public static HadoopFiles of(Configuration configuration, String path) {
    try {
      // An instance of our own: the shared one must keep writing checksum files for others.
      FileSystem own = FileSystem.newInstance(new Path(path).toUri(), configuration);
      own.setWriteChecksum(false);
      DriverDirectory.enter(own, configuration);
      return new HadoopFiles(own);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("'%s': expected a path: %s".formatted(path, e.getMessage()), e);
    } catch (IOException e) {
      throw failed(path, "open the file system of", e);
    } catch (RuntimeException e) {
      // Hadoop knows the class for s3a and some others, but does not bring it.
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw failed(path, "open the file system of", missing);
      }
      throw e;
    }
  }

  public boolean exists(Path path) {
    try {
      return fileSystem.exists(path);
    } catch (IOException e) {
      throw failed(path, "look at", e);
    }
  }

  public boolean isDirectory(Path path) {
    try {
      return fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory();
    } catch (IOException e) {
      throw failed(path, "look at", e);
    }
  }

  /** Whether nothing is in this directory. */
  public boolean isEmpty(Path directory) {
    try {
      return !fileSystem.listStatusIterator(directory).hasNext();
    } catch (IOException e) {
      throw failed(directory, "look into", e);
    }
  }

  /** What is directly in this directory, in the order of names. */
  public List<Path> list(Path directory) {
    try {
      return Arrays.stream(fileSystem.listStatus(directory))
          .map(FileStatus::getPath)
          .sorted(Comparator.comparing(Path::getName))
          .toList();
    } catch (IOException e) {
      throw failed(directory, "look into", e);
    }
  }

  /** With scheme, host and all folders. */
  public Path qualified(Path path) {
    return fileSystem.makeQualified(path);
  }

  /** Bytes of a file. */
  public long length(Path path) {
    try {
      return fileSystem.getFileStatus(path).getLen();
    } catch (IOException e) {
      throw failed(path, "look at", e);
    }
  }

  public void createDirectory(Path path) {
    try {
      if (!fileSystem.mkdirs(path)) {
        throw new IOException("refused");
      }
    } catch (IOException e) {
      throw failed(path, "create", e);
    }
  }

  public void write(Path path, Use<OutputStream> use) {
    try (OutputStream out = fileSystem.create(path, false)) {
      use.on(out);
    } catch (IOException e) {
      throw failed(path, "write", e);
    }
  }

  public void writeText(Path path, String text) {
    write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a file whole or not at all, replacing what is there. */
  public void replaceText(Path path, String text) {
    replace(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file whole or not at all, replacing what is there. */
  public void replace(Path path, byte[] content) {
    replace(path, out -> out.write(content));
  }

  /** Writes a file whole or not at all, replacing what is there. */
  public void replace(Path path, Use<OutputStream> use) {
    if (isDirectory(path)) {
      throw new ConvoyException(path + ": expected a file to write, found a directory");
    }
    Path beside = path.suffix(".tmp-" + UUID.randomUUID());
    try {
      write(beside, use);
      renameOver(beside, path);
    } catch (ConvoyException e) {
      try {
        delete(beside);
      } catch (ConvoyException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
  }

  /**
   * @throws ConvoyException if it is not there or cannot be read
   */
  public <T> T read(Path path, Read<T> read) {
    try {
      FileStatus status = fileSystem.getFileStatus(path);
      try (InputStream in = fileSystem.open(path)) {
        return read.from(in, status.getLen());
      }
    } catch (FileNotFoundException e) {
      throw new ConvoyException(path + ": no such file", e);
    } catch (IOException e) {
      throw failed(path, "read", e);
    }
  }

  public String readText(Path path) {
    return read(path, (in, length) -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Renames to a path where nothing is. */
  public void rename(Path from, Path to) {
    try {
      // Hadoop would put it into a directory that is there.
      if (fileSystem.exists(to)) {
        throw new IOException("it exists");
      }
      if (!fileSystem.rename(from, to)) {
        throw new IOException("refused");
      }
    } catch (IOException e) {
      throw failed(from, "rename to " + to, e);
    }
  }

  /**
   * Renames to a path where something may be. That is renamed too, comes back if this one cannot be
   * renamed, and is deleted afterwards.
   */
  public void renameOver(Path from, Path to) {
    if (!exists(to)) {
      rename(from, to);
      return;
    }
    Path old = to.suffix(".old-" + UUID.randomUUID());
    rename(to, old);
    try {
      rename(from, to);
    } catch (ConvoyException e) {
      try {
        rename(old, to);
      } catch (ConvoyException also) {
        e.addSuppressed(also);
        throw new ConvoyException("%s; what was there is now %s".formatted(e.getMessage(), old), e);
      }
      throw e;
    }
    delete(old);
  }

  /** Deletes a file or a directory with all that is in it; nothing happens if it is not there. */
  public void delete(Path path) {
    try {
      fileSystem.delete(path, true);
    } catch (IOException e) {
      throw failed(path, "delete", e);
    }
  }

  @Override
  public void close() {
    try {
      fileSystem.close();
    } catch (IOException e) {
      throw failed(fileSystem.getUri(), "close", e);
    }
  }

  private static ConvoyException failed(Object path, String action, Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ConvoyException("%s: cannot %s: %s".formatted(path, action, reason), e);
  }
}
