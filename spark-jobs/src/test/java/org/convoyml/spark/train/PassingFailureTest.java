package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.shuffle.FetchFailedException;
import org.apache.spark.storage.BlockManagerId;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.WorkerLostException;
import org.junit.jupiter.api.Test;

class PassingFailureTest {
  @Test
  void aWorkerThatIsLostMayBeReplaced() {
    assertThat(PassingFailure.message(new WorkerLostException("worker 1 is gone")))
        .contains("worker 1 is gone");
    assertThat(
            PassingFailure.message(
                new ConvoyException("told", new WorkerLostException("worker 1 is gone"))))
        .contains("told");
  }

  @Test
  void imagesThatWereDealtMayBeDealtAgain() {
    Throwable unread =
        new FetchFailedException(
            BlockManagerId.apply("3", "10.0.0.3", 7337, scala.Option.empty()),
            0,
            0L,
            0,
            0,
            "connection reset",
            new IOException());
    assertThat(PassingFailure.message(new IllegalStateException("prefetching", unread)))
        .contains("images that were dealt cannot be read: connection reset");
  }

  @Test
  void aFileSystemMayFailForOnce() {
    IOException failure = new IOException("no data node answers");
    assertThat(PassingFailure.message(new UncheckedIOException(failure)))
        .contains("no data node answers");
    assertThat(PassingFailure.message(new ConvoyException("hdfs://x: cannot be read", failure)))
        .contains("hdfs://x: cannot be read");
  }

  @Test
  void whatFilesAreOrMayBeStaysSo() {
    for (IOException failure :
        new IOException[] {
          new FileNotFoundException("x"),
          new ChecksumException("x", 0),
          new AccessControlException("x"),
          new DSQuotaExceededException("x")
        }) {
      assertThat(PassingFailure.message(new ConvoyException("x", failure))).isEmpty();
    }
  }

  @Test
  void whatFailsByItselfFailsAgain() {
    assertThat(PassingFailure.message(new ConvoyException("the loss is NaN"))).isEmpty();
    assertThat(PassingFailure.message(new IllegalStateException("a mistake"))).isEmpty();
  }
}
