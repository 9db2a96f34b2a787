package org.convoyml.aug.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.UnknownHostException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.nn.ConvoyException;

/**
 * A file or directory on any file system that Hadoop knows, which can be sent to executors and
 * opened there.
 *
 * @param path as the user gave it, for messages too
 * @param configuration Hadoop's
 */
record HadoopFile(String path, SerializableConfiguration configuration) implements Serializable {
  /**
   * An option of Spark's readers that, set to false, takes paths for what they are, no patterns.
   */
  static final String PATTERNS = "__globPaths__";

  private static final int GZIP_MAGIC = 0x1F8B;

  /**
   * @throws ConvoyException if there is nothing at this path, or its file system cannot be reached
   */
  static HadoopFile existing(SparkSession spark, String path) {
    Configuration hadoop = DriverDirectory.configuration(spark);
    HadoopFile file = new HadoopFile(path, new SerializableConfiguration(hadoop));
    if (!file.exists()) {
      throw new ConvoyException(path + ": expected a file or folder of images, found nothing");
    }
    return file;
  }

  /**
   * @throws ConvoyException if this is no path at all
   */
  void checkPath() {
    Path unused = hadoopPath();
  }

  /** The last part of the path. */
  String name() {
    return hadoopPath().getName();
  }

  /** A file in this directory. */
  HadoopFile child(String name) {
    return new HadoopFile(path.endsWith("/") ? path + name : path + "/" + name, configuration);
  }

  /** Another file in the same directory. */
  HadoopFile sibling(String name) {
    String parent = path.substring(0, path.lastIndexOf(name()));
    return new HadoopFile(parent + name, configuration);
  }

  boolean exists() {
    try {
      return fileSystem().exists(hadoopPath());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  FileStatus status() {
    try {
      return fileSystem().getFileStatus(hadoopPath());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** What is directly in a directory, without having all of it in memory where that can be. */
  RemoteIterator<FileStatus> list() throws IOException {
    return fileSystem().listStatusIterator(hadoopPath());
  }

  /** Whether it is a file of the machine that asks. */
  boolean isLocal() throws IOException {
    return "file".equals(fileSystem().getUri().getScheme());
  }

  /** Where a local file is for Java. */
  java.nio.file.Path local() {
    return new File(hadoopPath().toUri().getPath()).toPath();
  }

  /** Opens it as it is. */
  FSDataInputStream open() throws IOException {
    return fileSystem().open(hadoopPath());
  }

  /** Opens it, unpacked if it begins as gzip files do, whatever its name is. */
  InputStream openUnpacked() throws IOException {
    FSDataInputStream in = open();
    try {
      boolean gzip = beginsAsGzip(in);
      in.seek(0);
      return gzip ? new GzipCompressorInputStream(new BufferedInputStream(in), true) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  boolean isGzip() throws IOException {
    try (InputStream in = open()) {
      return beginsAsGzip(in);
    }
  }

  /** What is said when reading fails: Java's messages rarely name the file. */
  ConvoyException unreadable(IOException e) {
    if (e instanceof EOFException) {
      return new ConvoyException(path + ": expected more, the file is cut off", e);
    }
    return new ConvoyException(path + ": " + reason(e), e);
  }

  /** Why something cannot be read, in one line without the path in front. */
  static String reason(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return "cannot be read: " + message.lines().findFirst().orElse("");
  }

  private static boolean beginsAsGzip(InputStream in) throws IOException {
    return (in.read() << 8 | in.read()) == GZIP_MAGIC;
  }

  private FileSystem fileSystem() throws IOException {
    try {
      return hadoopPath().getFileSystem(configuration.value());
    } catch (RuntimeException e) {
      // Hadoop knows the class for s3a and some others, but does not bring it.
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw new UnsupportedFileSystemException(missing.getMessage());
      }
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw new IOException("unknown host " + unknown.getMessage(), e);
      }
      throw e;
    }
  }

  private Path hadoopPath() {
    try {
      return DriverDirectory.resolve(configuration.value(), new Path(path));
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("'" + path + "': expected a path: " + e.getMessage(), e);
    }
  }
}
