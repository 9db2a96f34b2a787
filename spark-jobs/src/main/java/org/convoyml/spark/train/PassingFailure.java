package org.convoyml.spark.train;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.hdfs.protocol.QuotaExceededException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.shuffle.FetchFailedException;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.WorkerLostException;

/**
 * What may not happen again if a round is repeated: a worker was lost, images that had been dealt
 * were lost, or a file system failed for once.
 */
final class PassingFailure {
  private PassingFailure() {}

  /** What to say of a failure, if it is such a one; empty if it would happen again. */
  static Optional<String> message(Throwable thrown) {
    String told = null;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof FetchFailedException) {
        return Optional.of(unread(cause.getMessage()));
      }
      if (cause instanceof WorkerLostException
          || (cause instanceof IOException failure && mayWorkAgain(failure))) {
        return Optional.of(told == null ? cause.getMessage() : told);
      }
      if (told == null && cause instanceof ConvoyException expected) {
        told = expected.getMessage();
      }
    }
    return Optional.empty();
  }

  static String unread(String why) {
    return "images that were dealt cannot be read: " + why;
  }

  /** A file system may fail for once, but not because of what a file is, or may be. */
  private static boolean mayWorkAgain(IOException failure) {
    return !(failure instanceof FileNotFoundException
        || failure instanceof ChecksumException
        || failure instanceof AccessControlException
        || failure instanceof QuotaExceededException);
  }
}
