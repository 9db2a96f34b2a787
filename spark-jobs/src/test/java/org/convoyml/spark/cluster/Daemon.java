package org.convoyml.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process of the cluster, which writes its log to a file. It outlives the JVM that started it; by
 * its number and the time of its start any other finds it again.
 *
 * @param name of the daemon
 * @param pid its number
 * @param started when, since numbers are used again
 * @param log where it tells what it does
 */
record Daemon(String name, long pid, Instant started, Path log) {
  private static final int TAIL = 20;

  /** By how much the start of one process may seem to differ, as the clock is corrected. */
  private static final Duration CLOCK = Duration.ofSeconds(5);

  /**
   * Starts a process.
   *
   * @param lifetime after which it ends by itself, and with it what it has started
   */
  static Daemon start(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log,
      Duration lifetime) {
    List<String> limited =
        new ArrayList<>(List.of("timeout", "--kill-after=10", lifetime.toSeconds() + "s"));
    limited.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(limited)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      Instant started = process.info().startInstant().orElseGet(Instant::now);
      return new Daemon(name, process.pid(), started, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(Processes::isRunning).filter(this::isOurs);
  }

  private boolean isOurs(ProcessHandle other) {
    return other
        .info()
        .startInstant()
        .map(begun -> Duration.between(started, begun).abs().compareTo(CLOCK) < 0)
        .orElse(false);
  }

  boolean isRunning() {
    return process().isPresent();
  }

  /** All processes that it has started, and those that they have started. */
  Stream<ProcessHandle> descendants() {
    return process().stream().flatMap(ProcessHandle::descendants);
  }

  /** Waits for a line of its log, and returns what the pattern's group finds there. */
  String await(Pattern sign) {
    boolean decided = Processes.await(() -> !isRunning() || sign.matcher(text()).find());
    // Read once more: what has ended may have written the line before.
    Matcher matcher = sign.matcher(text());
    if (matcher.find()) {
      return matcher.group(1);
    }
    throw failed(decided ? "ended" : "did not start in time");
  }

  /** Waits until it has done its work and ended, as some do. */
  void awaitDone(Pattern success) {
    process().ifPresent(process -> Processes.awaitEnd(process, name));
    if (!success.matcher(text()).find()) {
      throw failed("failed");
    }
  }

  private String text() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IllegalStateException failed(String what) {
    List<String> lines = text().lines().toList();
    List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
    return new IllegalStateException(
        "%s %s, the end of %s says:%n%s".formatted(name, what, log, String.join("\n", tail)));
  }
}
