package org.convoyml.aug.source;

import java.util.function.Supplier;
import org.convoyml.nn.ConvoyException;

/** Gets the one line that explains a failed job out of what Spark wraps around it. */
public final class Failures {
  private Failures() {}

  /**
   * Runs a job.
   *
   * @throws ConvoyException if one was thrown in a task
   */
  public static <T> T unwrapped(Supplier<T> job) {
    try {
      return job.get();
      // Scala throws checked exceptions that Java's signatures do not mention.
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof ConvoyException known) {
          throw new ConvoyException(known.getMessage(), e);
        }
      }
      throw e;
    }
  }
}
