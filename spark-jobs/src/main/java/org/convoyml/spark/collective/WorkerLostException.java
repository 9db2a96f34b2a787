package org.convoyml.spark.collective;

import org.convoyml.nn.ConvoyException;

/**
 * A member of the group is gone: its connection ended, it cannot be reached, it was stopped, or it
 * has left too early; or what it works with is gone, such as its images. What the group was doing
 * can be done again, perhaps without it. All other members throw this, also those whom another has
 * told of the loss.
 *
 * <p>A member that fails by itself, or does not come in time, is not lost: the others throw a plain
 * {@link ConvoyException}.
 */
public final class WorkerLostException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public WorkerLostException(String message) {
    super(message);
  }

  public WorkerLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
