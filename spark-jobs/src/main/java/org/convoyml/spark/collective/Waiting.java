package org.convoyml.spark.collective;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How a member waits for others.
 *
 * @param deadline for each wait, positive
 * @param cancelled asked while waiting; true ends the wait with an exception
 */
public record Waiting(Duration deadline, BooleanSupplier cancelled) {
  /** How often a waiting member looks whether it was cancelled. */
  public static final long POLL_MILLIS = 50;

  public Waiting {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("the deadline must be positive, got " + deadline);
    }
  }

  /** Whether the task that waits was cancelled. */
  public boolean isCancelled() {
    return cancelled.getAsBoolean();
  }
}
