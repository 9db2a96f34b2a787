package org.convoyml.spark.cluster;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.convoyml.spark.cli.ConvoyProcess;

/**
 * A standalone cluster of the embedded Spark: a master, workers, and a name node and a data node of
 * HDFS if they are wanted, all on loopback and on free ports.
 *
 * <p>Its processes outlive the JVM that starts it: {@link #in} finds the cluster of a folder again.
 */
public final class TestCluster implements AutoCloseable {
  private static final String DEPLOY = "org.apache.spark.deploy.";
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern WORKER = Pattern.compile("(Successfully registered) with master");

  private final Path folder;
  private final ClusterState state;

  private TestCluster(Path folder, ClusterState state) {
    this.folder = folder;
    this.state = state;
  }

  /**
   * Starts one and waits until all of it works together.
   *
   * @param folder for logs, for what executors write and for the blocks of HDFS; what an earlier
   *     cluster left there is deleted
   * @throws IllegalStateException if one runs there already, or does not start within a minute
   */
  public static TestCluster start(Path folder, ClusterLayout layout) {
    Commands.checkBuilt(layout.hdfs());
    Path absolute = folder.toAbsolutePath();
    Optional<TestCluster> before = in(absolute);
    if (before.isPresent()) {
      if (before.get().isRunning()) {
        throw new IllegalStateException(
            "a cluster runs already in %s: %s; stop it first"
                .formatted(absolute, before.get().sparkUrl()));
      }
      before.get().state.delete();
      List.of("logs", "work", "hdfs").forEach(name -> deleteTree(absolute.resolve(name)));
    }
    TestCluster cluster = new TestCluster(absolute, ClusterState.create(absolute));
    try {
      cluster.startAll(layout);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.stop();
      throw e;
    }
  }

  /** The cluster in a folder, running or not; empty if none was ever started, or it was stopped. */
  public static Optional<TestCluster> in(Path folder) {
    Path absolute = folder.toAbsolutePath();
    return ClusterState.read(absolute).map(state -> new TestCluster(absolute, state));
  }

  private void startAll(ClusterLayout layout) {
    try {
      Files.createDirectories(folder.resolve("logs"));
      Files.createDirectories(folder.resolve("work"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Daemon master =
        start("master", Commands.spark(DEPLOY + "master.Master", layout.settings()), layout);
    Optional<Daemon> format =
        layout.hdfs()
            ? Optional.of(start("format", HdfsDaemons.format(hdfs()), layout))
            : Optional.empty();
    state.setSparkUrl(master.await(MASTER));
    List<Daemon> workers = new ArrayList<>();
    for (int worker = 1; worker <= layout.workers(); worker++) {
      workers.add(start("worker" + worker, worker(layout), layout));
    }
    format.ifPresent(first -> startHdfs(first, layout));
    workers.forEach(worker -> worker.await(WORKER));
  }

  private List<String> worker(ClusterLayout layout) {
    return Commands.spark(
        DEPLOY + "worker.Worker",
        layout.settings(),
        "--cores",
        String.valueOf(layout.cores()),
        "--memory",
        layout.megabytes() + "m",
        "--work-dir",
        folder.resolve("work").toString(),
        state.sparkUrl());
  }

  private void startHdfs(Daemon format, ClusterLayout layout) {
    format.awaitDone(HdfsDaemons.FORMATTED);
    Daemon names = start("namenode", HdfsDaemons.nameNode(hdfs()), layout);
    String url = "hdfs://%s:%s".formatted(Commands.HOST, names.await(HdfsDaemons.NAMES));
    state.setHdfsUrl(url);
    start("datanode", HdfsDaemons.dataNode(hdfs(), url), layout).await(HdfsDaemons.DATA);
  }

  private Path hdfs() {
    return folder.resolve("hdfs");
  }

  private Daemon start(String name, List<String> command, ClusterLayout layout) {
    Daemon daemon =
        Daemon.start(name, command, Commands.ENVIRONMENT, state.log(name), layout.lifetime());
    state.add(daemon);
    return daemon;
  }

  /** Of the master, for {@code --master}. */
  public String sparkUrl() {
    return state.sparkUrl();
  }

  /** Of the name node; empty if there is none. */
  public String hdfsUrl() {
    return state.hdfsUrl();
  }

  /**
   * Options of spark-submit for an application on it, with small executors and every class that
   * passes through Kryo registered by name.
   *
   * @param cores of all its executors
   * @param coresPerExecutor which says how many executors there are
   */
  public List<String> submitOptions(int cores, int coresPerExecutor) {
    return List.of(
        "--master",
        sparkUrl(),
        "--total-executor-cores",
        String.valueOf(cores),
        "--executor-cores",
        String.valueOf(coresPerExecutor),
        "--executor-memory",
        "700m",
        "--driver-memory",
        "1g",
        "--conf",
        "spark.executor.extraJavaOptions=" + ConvoyProcess.SHORT_LIVED,
        "--conf",
        "spark.kryo.registrationRequired=true");
  }

  public Path folder() {
    return folder;
  }

  /** Whether any of its processes runs. */
  public boolean isRunning() {
    return state.daemons().stream().anyMatch(Daemon::isRunning);
  }

  /** Each process that belongs to the cluster, by name, and whether it runs. */
  List<Daemon> daemons() {
    return state.daemons().stream().filter(daemon -> !daemon.name().equals("format")).toList();
  }

  /** The executors that run now, of all applications, in the order of their numbers. */
  public List<ExecutorProcess> executors() {
    return state.daemons().stream()
        .flatMap(Daemon::descendants)
        .map(ExecutorProcess::of)
        .flatMap(Optional::stream)
        .sorted(
            Comparator.comparing(ExecutorProcess::application).thenComparing(ExecutorProcess::id))
        .toList();
  }

  /** Waits until the number of running executors is as wanted, and returns them. */
  public List<ExecutorProcess> awaitExecutors(IntPredicate wanted) {
    if (!Processes.await(() -> wanted.test(executors().size()))) {
      throw new AssertionError("not the wanted executors in time, but " + executors());
    }
    return executors();
  }

  /** What executors have written to their logs, each behind its path; for messages of tests. */
  public String executorLogs() {
    try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
      return files
          .filter(file -> file.endsWith("stderr"))
          .sorted()
          .map(file -> file + ":\n" + read(file))
          .collect(joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends exactly the processes that were started here, and those that they have started. */
  public void stop() {
    // Taken first: an executor whose worker is gone is nobody's child.
    Map<ProcessHandle, String> all = new LinkedHashMap<>();
    for (Daemon daemon : state.daemons()) {
      daemon.process().ifPresent(process -> all.put(process, daemon.name()));
      daemon.descendants().forEach(process -> all.put(process, "a process of " + daemon.name()));
    }
    all.keySet().forEach(ProcessHandle::destroyForcibly);
    all.forEach(Processes::awaitEnd);
    state.delete();
  }

  @Override
  public void close() {
    stop();
  }

  private static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
