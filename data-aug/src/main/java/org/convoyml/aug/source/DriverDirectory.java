package org.convoyml.aug.source;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Where relative paths of local files begin: at the working directory of the driver, on executors
 * too, which have others. It travels in Hadoop's configuration. On other file systems relative
 * paths begin at the user's home, which is the same everywhere.
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
    if (LOCAL.equals(FileSystem.getDefaultUri(hadoop).getScheme())) {
      hadoop.set(KEY, java.nio.file.Path.of("").toAbsolutePath().toString());
    }
    return hadoop;
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
