package org.convoyml.aug.source;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.SparkSession;

/**
 * The local file system with faults by name. Files with {@code secret} in their names may not be
 * opened (tests may run as root, which the real one refuses nothing); those with {@code flaky} fail
 * the first time, those with {@code failing} always.
 */
public final class GuardedFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("guarded:///");
  private static final Set<Path> OPENED = ConcurrentHashMap.newKeySet();

  /** Makes it known under {@code guarded:}. */
  static void register(SparkSession spark) {
    spark.conf().set("fs.guarded.impl", GuardedFileSystem.class.getName());
  }

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(ROOT, configuration);
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (path.getName().contains("secret")) {
      throw new AccessControlException("Permission denied: user=me, access=READ, inode=" + path);
    }
    boolean first = OPENED.add(path);
    if (path.getName().contains("failing") || (path.getName().contains("flaky") && first)) {
      throw new IOException("Connection reset by peer");
    }
    return super.open(path, bufferSize);
  }
}
