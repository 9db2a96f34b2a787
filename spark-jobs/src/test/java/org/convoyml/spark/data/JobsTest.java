package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;

/** A thread that waits for Spark is interrupted. */
@Timeout(60)
class JobsTest {
  private static final Semaphore MAPPING = new Semaphore(0);
  private static final Semaphore GO_ON = new Semaphore(0);

  private JavaSparkContext spark;

  @BeforeEach
  void open() {
    spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    MAPPING.drainPermits();
    GO_ON.drainPermits();
  }

  @AfterEach
  void release() {
    GO_ON.release(10);
  }

  /** Shuffled by a task that waits, deaf to its cancellation, until it may go on. */
  private JavaRDD<Integer> shuffled() {
    return spark
        .parallelize(List.of(1, 2, 3), 1)
        .mapToPair(
            number -> {
              MAPPING.release();
              GO_ON.acquireUninterruptibly();
              return new Tuple2<>(number, number);
            })
        .reduceByKey(Integer::sum)
        .map(Tuple2::_2);
  }

  private static void interruptWhenMapping(Thread thread) {
    Thread interrupting =
        new Thread(
            () -> {
              MAPPING.acquireUninterruptibly();
              thread.interrupt();
            });
    interrupting.setDaemon(true);
    interrupting.start();
  }

  /** Spark's scheduler dies of map output for a shuffle that was deleted. */
  @Test
  void tasksThatEndAfterTheirJobWasInterruptedDoSparkNoHarm() {
    interruptWhenMapping(Thread.currentThread());
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> Jobs.run(() -> Jobs.collectLast(shuffled())))
        .withMessage("interrupted while waiting for Spark");
    assertThat(Thread.interrupted()).isTrue();
    GO_ON.release(10);
    awaitIdle();
    assertThat(spark.sc().isStopped()).isFalse();
    assertThat(Jobs.run(() -> Jobs.collectLast(shuffled()))).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void anInterruptedJobIsCancelled() {
    interruptWhenMapping(Thread.currentThread());
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> Jobs.run(() -> Jobs.collect(shuffled())));
    assertThat(Thread.interrupted()).isTrue();
    awaitIdle();
    // Its task waits still, so it was not run to its end.
    assertThat(GO_ON.availablePermits()).isZero();
  }

  private void awaitIdle() {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (spark.statusTracker().getActiveJobIds().length > 0 && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
  }

  @Test
  void whatMustBeDoneWhollyIsAndTheInterruptionIsKept() {
    Thread.currentThread().interrupt();
    String done =
        Uninterrupted.get("work", () -> Thread.currentThread().isInterrupted() ? "no" : "yes");
    assertThat(done).isEqualTo("yes");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void itsExceptionIsTheCallers() {
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(
            () ->
                Uninterrupted.run(
                    "work",
                    () -> {
                      throw new ConvoyException("mine");
                    }))
        .withMessage("mine");
    assertThat(Thread.interrupted()).isFalse();
  }
}
