package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.convoyml.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundWatcherTest {
  /** As when an executor has gone since slots were counted; Spark says nothing meanwhile. */
  @Test
  void aJobThatDoesNotBeginIsSpokenOf() throws InterruptedException {
    BlockingQueue<String> told = new ArrayBlockingQueue<>(1);
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warned(String what) {
            told.add(what);
          }
        };
    try (RoundWatcher watcher =
        RoundWatcher.watch(
            LocalSpark.session().sparkContext(), "attempt that never comes", -1, 1, listener)) {
      assertThat(watcher).isNotNull();
      assertThat(told.poll(30, TimeUnit.SECONDS))
          .startsWith("Spark has not begun for 1 s: it looks for enough free task slots");
    }
  }
}
