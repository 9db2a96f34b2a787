package org.convoyml.benchmarks.allreduce;

import java.io.IOException;

/** What one of two processes does together with the other, again and again. */
interface Exchange extends AutoCloseable {
  /** Does it once. */
  void run() throws IOException;

  /** Of all runs so far, the nanoseconds in which the other was not there yet. */
  default long waitingNanos() {
    return 0;
  }

  /** Of all runs so far, the nanoseconds of communication with the other. */
  default long communicationNanos() {
    return 0;
  }

  @Override
  void close() throws IOException;
}
