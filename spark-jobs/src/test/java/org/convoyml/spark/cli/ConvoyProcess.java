package org.convoyml.spark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs {@code scripts/convoy} as a user does, in a process of its own. */
public final class ConvoyProcess {
  /** Options of a JVM that ends before compiling for long and collecting in parallel pay off. */
  public static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Path root;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Duration silence = Duration.ofSeconds(60);
  private Path directory;

  private ConvoyProcess(Path root) {
    this.root = root;
    this.directory = root;
  }

  /** The launcher of the repository that is being built. */
  public static ConvoyProcess here() {
    return in(repository());
  }

  /** The launcher of a repository somewhere else. */
  public static ConvoyProcess in(Path root) {
    return new ConvoyProcess(root);
  }

  /** The root of the repository that is being built; Maven tells where it is. */
  public static Path repository() {
    String root = System.getProperty("convoy.root");
    if (root == null) {
      throw new IllegalStateException("the system property convoy.root is not set");
    }
    return Path.of(root);
  }

  /** Sets a variable, or removes it if the value is empty. */
  public ConvoyProcess with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public ConvoyProcess from(Path workingDirectory) {
    this.directory = workingDirectory;
    return this;
  }

  /**
   * Sets for how long it may say nothing, by default 60 s: then it is ended, and the test fails.
   */
  public ConvoyProcess within(Duration limit) {
    this.silence = limit;
    return this;
  }

  /**
   * Runs it to its end.
   *
   * @throws AssertionError if it says nothing for longer than it may
   */
  public Result run(String... arguments) {
    try (RunningConvoy running = start(arguments)) {
      return running.await();
    }
  }

  /** Starts it; close it. */
  public RunningConvoy start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("scripts/convoy").toString());
    command.addAll(List.of(arguments));
    try {
      return new RunningConvoy(start(command), silence);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    // The same Spark and the same screen wherever the tests run, unless a test says otherwise.
    List.of("SPARK_HOME", "COLUMNS").forEach(builder.environment()::remove);
    builder.environment().put("SPARK_SUBMIT_OPTS", SHORT_LIVED);
    environment.forEach(
        (variable, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(variable);
          } else {
            builder.environment().put(variable, value);
          }
        });
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** What came of it. */
  public record Result(int exitCode, String out, String err, Duration took) {}
}
