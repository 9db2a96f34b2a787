package org.convoyml.spark.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;

/** The driver's work is interrupted, or its job is cancelled by somebody else. */
@Timeout(60)
class SupervisedTest {
  private static final Semaphore MAPPING = new Semaphore(0);
  private static final Semaphore GO_ON = new Semaphore(0);

  private SparkContext spark;

  @BeforeEach
  void open() {
    spark = LocalSpark.session().sparkContext();
    MAPPING.drainPermits();
    GO_ON.drainPermits();
  }

  @AfterEach
  void release() {
    GO_ON.release(100);
  }

  /** Shuffled by a task that waits, deaf to its cancellation, until it may go on. */
  private JavaRDD<Integer> shuffled() {
    return JavaSparkContext.fromSparkContext(spark)
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

  private <T> T supervised(Supplier<T> work) {
    return Supervised.run(spark, "working", work);
  }

  private static void whenMapping(Runnable action) {
    Thread waiting =
        new Thread(
            () -> {
              MAPPING.acquireUninterruptibly();
              action.run();
            });
    waiting.setDaemon(true);
    waiting.start();
  }

  private static void interruptWhenMapping() {
    Thread caller = Thread.currentThread();
    whenMapping(caller::interrupt);
  }

  /** Spark's scheduler dies of map output for a shuffle that was deleted. */
  @Test
  void tasksThatEndAfterTheirJobWasInterruptedDoSparkNoHarm() {
    interruptWhenMapping();
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> supervised(() -> Jobs.collectLast(shuffled())))
        .withMessage("interrupted while working");
    assertThat(Thread.interrupted()).as("the interruption is not lost").isTrue();
    GO_ON.release(100);
    awaitIdle();
    assertThat(spark.isStopped()).isFalse();
    assertThat(supervised(() -> Jobs.collectLast(shuffled()))).containsExactlyInAnyOrder(1, 2, 3);
  }

  /** As if the interruption came while a file was written: there is no job to cancel. */
  @Test
  void workWithoutAJobIsDoneWhollyAndItsNextJobDoesNotStart() {
    AtomicBoolean written = new AtomicBoolean();
    AtomicBoolean wasInterrupted = new AtomicBoolean();
    interruptWhenMapping();
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(
            () ->
                supervised(
                    () -> {
                      MAPPING.release();
                      sleep(500);
                      wasInterrupted.set(Thread.currentThread().isInterrupted());
                      written.set(true);
                      return Jobs.run(() -> spark.getConf().getAppId());
                    }))
        .withMessage("interrupted while working");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(written).isTrue();
    assertThat(wasInterrupted).isFalse();
  }

  @Test
  void aCallerThatWasInterruptedBeforeFindsItsInterruptionAfterwards() {
    Thread.currentThread().interrupt();
    supervised(
        () -> {
          sleep(300);
          return "done";
        });
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void itsExceptionIsTheCallers() {
    ConvoyException mine = new ConvoyException("mine");
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(
            () ->
                supervised(
                    () -> {
                      throw mine;
                    }))
        .isSameAs(mine);
  }

  @Test
  void theCallersJobGroupIsTheWorksAndACancelledJobIsNoMistakeOfOurs() {
    spark.setJobGroup("mine", "", false);
    try {
      whenMapping(() -> spark.cancelJobGroup("mine"));
      assertThatExceptionOfType(ConvoyException.class)
          .isThrownBy(() -> supervised(() -> Jobs.collectLast(shuffled())))
          .withMessageStartingWith("Spark's job was cancelled: ")
          .withRootCauseInstanceOf(SparkException.class);
    } finally {
      spark.clearJobGroup();
    }
  }

  @Test
  void workWithinWorkIsOneWork() {
    Thread inner = supervised(() -> supervised(Thread::currentThread));
    assertThat(supervised(Thread::currentThread)).isNotSameAs(inner);
    assertThat(inner.getName()).isEqualTo("convoy-working");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitIdle() {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (spark.statusTracker().getActiveJobIds().length > 0 && System.nanoTime() - end < 0) {
      sleep(20);
    }
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
  }
}
