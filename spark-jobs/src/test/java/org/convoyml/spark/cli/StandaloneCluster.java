package org.convoyml.spark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real standalone cluster of the embedded Spark: a master and a worker, on loopback. */
final class StandaloneCluster implements AutoCloseable {
  private static final Path SPARK = ConvoyProcess.repository().resolve("spark-jobs/target/spark");

  private final List<Process> processes = new ArrayList<>();
  private final Map<String, String> settings;
  private final String url;

  /**
   * Starts it and waits until the worker has registered.
   *
   * @param cores of the worker
   * @param folder where executors work
   */
  StandaloneCluster(int cores, Path folder) {
    this(cores, folder, Map.of());
  }

  /**
   * Starts it with settings of Spark, such as a secret that all of its processes know.
   *
   * @param settings of master and worker; applications need them too
   */
  StandaloneCluster(int cores, Path folder, Map<String, String> settings) {
    this.settings = settings;
    try {
      url =
          start(
              Pattern.compile("Starting Spark master at (spark://\\S+)"),
              "org.apache.spark.deploy.master.Master");
      start(
          Pattern.compile("(Successfully registered) with master"),
          "org.apache.spark.deploy.worker.Worker",
          "--cores",
          String.valueOf(cores),
          "--memory",
          "3g",
          "--work-dir",
          folder.toString(),
          url);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  String url() {
    return url;
  }

  /** Starts a daemon and returns what the pattern's group finds in its log. */
  private String start(Pattern sign, String daemon, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    // Spark needs the same of Java's modules as in this JVM.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-Xmx256m", "-cp", SPARK.resolve("jars") + "/*", daemon));
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", SPARK.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    try {
      Process process = builder.start();
      processes.add(process);
      CompletableFuture<String> found = new CompletableFuture<>();
      Thread reader = new Thread(() -> read(process, sign, found), daemon);
      reader.setDaemon(true);
      reader.start();
      return found.get(60, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(daemon + " did not start: " + e.getMessage(), e);
    }
  }

  /** Reads a daemon's log to its end, so that the daemon never waits for a reader. */
  private static void read(Process process, Pattern sign, CompletableFuture<String> found) {
    StringBuilder log = new StringBuilder();
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        log.append(line).append('\n');
        Matcher matcher = sign.matcher(line);
        if (matcher.find()) {
          found.complete(matcher.group(1));
        }
      }
      found.completeExceptionally(new IllegalStateException("it ended:\n" + log));
    } catch (IOException e) {
      found.completeExceptionally(e);
    }
  }

  /** Ends all processes, executors too. */
  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    for (Process process : processes) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
