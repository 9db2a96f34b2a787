package org.convoyml.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An executor of some application on the cluster, as the operating system sees it.
 *
 * @param application id of the application
 * @param id of the executor in it
 * @param process its JVM
 */
public record ExecutorProcess(String application, int id, ProcessHandle process) {
  private static final String MAIN = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

  /** The executor that a process is, if it is one. */
  static Optional<ExecutorProcess> of(ProcessHandle process) {
    List<String> words = Processes.commandLine(process);
    return words.contains(MAIN)
        ? Optional.of(
            new ExecutorProcess(
                after(words, "--app-id"), Integer.parseInt(after(words, "--executor-id")), process))
        : Optional.empty();
  }

  private static String after(List<String> words, String option) {
    return words.get(words.indexOf(option) + 1);
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it as a crash or an administrator would (SIGKILL), and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    Processes.awaitEnd(process, toString());
  }

  /** Lets it stand still (SIGSTOP): to others it looks like a stalled machine. */
  public void pause() {
    signal("STOP");
  }

  /** Lets a paused one go on (SIGCONT), unless Spark has ended it in the meantime. */
  public void resume() {
    if (process.isAlive()) {
      signal("CONT");
    }
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(name, pid())).inheritIO().start();
      if (!kill.waitFor(Processes.DEADLINE.toSeconds(), TimeUnit.SECONDS)
          || (kill.exitValue() != 0 && process.isAlive())) {
        throw new IllegalStateException("cannot send SIG%s to %s".formatted(name, this));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "executor %d of %s (pid %d)".formatted(id, application, pid());
  }
}
