package org.convoyml.spark.cluster;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** What is known of a cluster, in a file that whoever stops it reads. */
final class ClusterState {
  private static final String FILE = "cluster.properties";

  private final Path folder;
  private final List<Daemon> daemons = new ArrayList<>();
  private String sparkUrl = "";
  private String hdfsUrl = "";

  private ClusterState(Path folder) {
    this.folder = folder;
  }

  /** That of a cluster which has yet to be started. */
  static ClusterState create(Path folder) {
    return new ClusterState(folder);
  }

  /** That of the cluster in a folder, or empty if there never was one. */
  static Optional<ClusterState> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ClusterState state = new ClusterState(folder);
    state.sparkUrl = properties.getProperty("spark");
    state.hdfsUrl = properties.getProperty("hdfs");
    for (int i = 0; properties.containsKey("daemon." + i); i++) {
      String[] words = properties.getProperty("daemon." + i).split(" ");
      state.daemons.add(
          new Daemon(
              words[0], Long.parseLong(words[1]), Instant.parse(words[2]), state.log(words[0])));
    }
    return Optional.of(state);
  }

  /** Notes a daemon at once, so that it can be stopped whatever comes next. */
  void add(Daemon daemon) {
    daemons.add(daemon);
    write();
  }

  void setSparkUrl(String url) {
    sparkUrl = url;
    write();
  }

  void setHdfsUrl(String url) {
    hdfsUrl = url;
    write();
  }

  List<Daemon> daemons() {
    return List.copyOf(daemons);
  }

  String sparkUrl() {
    return sparkUrl;
  }

  /** Empty if there is no HDFS. */
  String hdfsUrl() {
    return hdfsUrl;
  }

  Path log(String daemon) {
    return folder.resolve("logs").resolve(daemon + ".log");
  }

  private void write() {
    Properties properties = new Properties();
    properties.setProperty("spark", sparkUrl);
    properties.setProperty("hdfs", hdfsUrl);
    for (int i = 0; i < daemons.size(); i++) {
      Daemon daemon = daemons.get(i);
      properties.setProperty(
          "daemon." + i, "%s %d %s".formatted(daemon.name(), daemon.pid(), daemon.started()));
    }
    Path beside = folder.resolve(FILE + ".tmp");
    try {
      try (Writer writer = Files.newBufferedWriter(beside)) {
        properties.store(writer, null);
      }
      Files.move(beside, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(folder.resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
