package org.convoyml.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Any process of this machine, of our own or not. */
final class Processes {
  /** Every wait fails after this time, so that nothing hangs. */
  static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final long POLL_MILLIS = 50;

  private Processes() {}

  /**
   * Whether it runs. To {@link ProcessHandle} a process also lives when it is dead and nobody asked
   * for its exit code, which is so for ever where the machine's first process does not.
   */
  static boolean isRunning(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    String status = read(process, "stat");
    // Behind the name, which is in parentheses and may have some itself.
    int name = status.lastIndexOf(')');
    return name >= 0 && status.length() > name + 2 && status.charAt(name + 2) != 'Z';
  }

  /** All words of its command line: {@link ProcessHandle} tells only the first 4 KB. */
  static List<String> commandLine(ProcessHandle process) {
    return List.of(read(process, "cmdline").split("\0"));
  }

  /** Empty if the process has ended. */
  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file));
    } catch (IOException e) {
      return "";
    }
  }

  static void awaitEnd(ProcessHandle process, String name) {
    if (!await(() -> !isRunning(process))) {
      throw new IllegalStateException(
          "%s (pid %d) did not end within %d s"
              .formatted(name, process.pid(), DEADLINE.toSeconds()));
    }
  }

  /** Returns whether it came true in time. */
  static boolean await(BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return true;
  }
}
