package org.convoyml.aug.source;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/**
 * Where relative paths of local files begin: at the working directory of the driver, on executors
 * too, which have others. It travels in Hadoop's configuration. A driver that runs on the cluster
 * is in a directory of Spark's that does not last, and has no say in it. On other file systems
 * relative paths begin at the user's home, which is the same everywhere.
 */
public final class DriverDirectory {
  private static final String KEY = "spark.convoy.workingDirectory";

  private static final String LOCAL = "file";

  private DriverDirectory() {}

  /**
   * On the driver: Hadoop's configuration of a session, which is the context's plus what the user
   * set with {@code spark.conf()}, and this directory.
   */
  public static Configuration configuration(SparkSession session) {
    Configuration hadoop = session.sessionState().newHadoopConf();
    if (session.sparkContext().deployMode().equals("client")
        && LOCAL.equals(defaultScheme(hadoop))) {
      hadoop.set(KEY, java.nio.file.Path.of("").toAbsolutePath().toString());
    }
    return hadoop;
  }

  private static String defaultScheme(Configuration hadoop) {
    try {
      return FileSystem.getDefaultUri(hadoop).getScheme();
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("fs.defaultFS: expected a URI: " + e.getMessage(), e);
    }
  }

  /** A path that means the same to every process; one that is absolute remains as it is. */
  public static Path resolve(Configuration configuration, Path path) {
    String directory = configuration.get(KEY);
    return path.isAbsolute() || directory == null ? path : new Path(new Path(directory), path);
  }

  /** Lets relative paths of a file system, which must not be a shared instance, begin there. */
  public static void enter(FileSystem own, Configuration configuration) {
    String directory = configuration.get(KEY);
    if (directory != null && LOCAL.equals(own.getUri().getScheme())) {
      own.setWorkingDirectory(new Path(directory));
    }
  }
}
