package org.convoyml.benchmarks.allreduce;

import java.io.IOException;

/** What a process does together with others, again and again. */
interface Exchange extends AutoCloseable {
  /** Does it once. */
  void run() throws IOException;

  /** Of all runs so far, the nanoseconds in which not all others were there yet. */
  default long waitingNanos() {
    return 0;
  }

  /** Of all runs so far, the nanoseconds of communication with the others. */
  default long communicationNanos() {
    return 0;
  }

  @Override
  void close() throws IOException;
}
