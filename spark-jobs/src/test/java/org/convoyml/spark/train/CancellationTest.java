package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A training that somebody else stops, or that is not let run, ends soon and leaves nothing. */
@Timeout(120)
class CancellationTest {
  private static final String GROUP = "to be cancelled";

  @TempDir private Path folder;
  private final ExecutorService driver = Executors.newSingleThreadExecutor();
  private volatile CountDownLatch training = new CountDownLatch(1);
  private SparkContext spark;
  private ImageDataset digits;

  @BeforeEach
  void open() {
    spark = LocalSpark.session().sparkContext();
    digits =
        ImageSources.open(
            LocalSpark.session(), Samples.mnist(folder.resolve("digits"), 300).toString());
  }

  @AfterEach
  void nothingIsLeftAndTrainingWorksAfterwards() throws Exception {
    driver.shutdownNow();
    // Tasks that were cancelled look for that once a step.
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (strayThreads() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(50);
    }
    assertThat(strayThreads()).isZero();
    assertThat(spark.getPersistentRDDs().isEmpty()).isTrue();
    Trainings.train(
        LocalSpark.session(),
        Trainings.LENET,
        digits,
        Trainings.config(Map.of("epochs", "1", "workers", "2")),
        folder.resolve("next"));
    assertThat(folder.resolve("next/weights.safetensors")).exists();
  }

  private static long strayThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("convoy"))
        .count();
  }

  @Test
  void cancellingItsJobStopsItWithinSecondsAndIsNoLossToRetryAfter() throws Exception {
    Future<TrainingSummary> running =
        driver.submit(
            () -> {
              spark.setJobGroup(GROUP, "a training", false);
              return train(Map.of("epochs", "1000", "workers", "3"));
            });
    assertThat(training.await(60, TimeUnit.SECONDS)).isTrue();
    // Between two rounds there is no job that could be cancelled.
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!running.isDone() && System.nanoTime() - end < 0) {
      spark.cancelJobGroup(GROUP);
      Thread.sleep(50);
    }
    assertThatThrownBy(() -> running.get(0, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .rootCause()
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("cancelled");
    // What was reached can be resumed, or thrown away.
    assertThat(folder.resolve("model")).doesNotExist();
  }

  /**
   * As a notebook does with a paragraph that is cancelled. Spark itself would let the job go on.
   */
  @Test
  void interruptingTheDriverStopsItsJob() throws Exception {
    Future<TrainingSummary> running =
        driver.submit(() -> train(Map.of("epochs", "1000", "workers", "3")));
    assertThat(training.await(60, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(500);
    driver.shutdownNow();
    assertThat(driver.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(running::get).cause().isInstanceOf(RuntimeException.class);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (isBusy() && System.nanoTime() - end < 0) {
      Thread.sleep(50);
    }
    assertThat(isBusy()).isFalse();
  }

  /** Also while files are written or shuffled images are deleted. */
  @Test
  void itMayBeInterruptedAtAnyMoment() throws Exception {
    for (int i = 0; i < 12; i++) {
      Thread trainer =
          new Thread(
              () ->
                  assertThatExceptionOfType(ConvoyException.class)
                      .isThrownBy(() -> train(Map.of("epochs", "1000", "workers", "2")))
                      .withMessageStartingWith("interrupted while"));
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      trainer.setUncaughtExceptionHandler((thread, e) -> wrong.set(e));
      trainer.start();
      assertThat(training.await(60, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(i * 37);
      trainer.interrupt();
      trainer.join(20_000);
      assertThat(trainer.isAlive()).isFalse();
      assertThat(wrong.get()).isNull();
      assertThat(spark.isStopped()).isFalse();
      training = new CountDownLatch(1);
      FileUtils.deleteDirectory(folder.resolve("model.checkpoints").toFile());
    }
  }

  private boolean isBusy() {
    return spark.statusTracker().getActiveStageIds().length > 0;
  }

  /** Somebody else takes slots when the cluster has been looked at, before the workers start. */
  @Test
  void slotsThatOthersTakeDoNotMakeItWaitForEver() throws Exception {
    // What is left is enough for every stage but the barrier stage.
    int taken = LocalSpark.SLOTS - 2;
    Map<String, String> settings = Map.of("workers", "3", "timeout", "2", "retries", "1");
    try {
      assertThatThrownBy(() -> train(settings, () -> driver.submit(() -> takeSlots(taken))))
          .isInstanceOf(ConvoyException.class)
          .hasMessageMatching(
              "epoch 1: workers were lost 2 times, more than --retries allows: \\d of 3 workers"
                  + " started within 2 s");
    } finally {
      spark.cancelJobGroup(GROUP);
    }
  }

  private void takeSlots(int slots) {
    spark.setJobGroup(GROUP, "takes slots", true);
    JavaSparkContext.fromSparkContext(spark)
        .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
        .foreach(
            task -> {
              Thread.sleep(60_000);
            });
  }

  private TrainingSummary train(Map<String, String> settings) {
    return train(settings, () -> {});
  }

  private TrainingSummary train(Map<String, String> settings, Runnable whenPlanned) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void planned(TrainingPlan plan) {
            whenPlanned.run();
          }

          @Override
          public void progressed(Progress progress) {
            training.countDown();
          }

          @Override
          public void epochEnded(EpochReport report) {}

          @Override
          public void warned(String what) {
            assertThat(what).contains("started within");
          }
        };
    return new LaneTrainer(LocalSpark.session())
        .train(
            Trainings.job(
                Trainings.LENET,
                digits,
                Trainings.config(settings),
                folder.resolve("model"),
                false),
            listener);
  }
}
