package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.Malloc;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
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
  private final CountDownLatch training = new CountDownLatch(1);
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
  void nothingIsLeftAndTrainingWorksAfterwards() {
    driver.shutdownNow();
    Trainings.awaitNoThreads();
    assertThat(spark.getPersistentRDDs().isEmpty()).isTrue();
    Trainings.train(
        LocalSpark.session(),
        Trainings.LENET,
        digits,
        Trainings.config(Map.of("epochs", "1", "workers", "2")),
        folder.resolve("next"));
    assertThat(folder.resolve("next/weights.safetensors")).exists();
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

  /** Whatever the driver is at: nothing, a job, files, or the finished model. */
  @Test
  void itMayBeInterruptedAtAnyMoment() throws Exception {
    interruptedBy(new Interrupting(Moment.PLANNED, 0));
    interruptedBy(new Interrupting(Moment.BEGUN, 0));
    for (int millis = 50; millis < 800; millis += 90) {
      interruptedBy(new Interrupting(Moment.BEGUN, millis));
    }
    interruptedBy(new Interrupting(Moment.EPOCH_ENDED, 0));
  }

  private void interruptedBy(Interrupting listener) throws Exception {
    // One epoch more would not be told from the end of this one.
    String epochs = listener.moment == Moment.EPOCH_ENDED ? "1" : "1000";
    interruptedBy(listener, Trainings.LENET, Map.of("epochs", epochs, "workers", "2"));
  }

  private void interruptedBy(
      Interrupting listener, NetworkSpec network, Map<String, String> settings) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Path model = folder.resolve("interrupted");
    Thread caller =
        new Thread(
            () -> {
              listener.caller = Thread.currentThread();
              TrainingConfig config = Trainings.config(settings);
              new LaneTrainer(LocalSpark.session())
                  .train(Trainings.job(network, digits, config, model, false), listener);
            });
    caller.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
    caller.start();
    caller.join(60_000);
    assertThat(caller.isAlive()).as(listener.toString()).isFalse();
    assertThat(spark.isStopped()).isFalse();
    if (listener.moment == Moment.EPOCH_ENDED && thrown.get() == null) {
      // It was faster.
      assertThat(model.resolve("weights.safetensors")).exists();
      return;
    }
    assertThat(thrown.get())
        .as(listener.toString())
        .isInstanceOf(ConvoyException.class)
        .hasMessage("interrupted while training");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .as(listener.toString())
          .isSubsetOf("digits", "interrupted.checkpoints");
    }
    FileUtils.deleteDirectory(folder.resolve("interrupted.checkpoints").toFile());
  }

  /** Buffers of the engine are native, and no garbage collector would find them. */
  @Test
  void whatIsCancelledReleasesItsNativeMemory() throws Exception {
    Map<String, String> settings =
        Map.of("workers", "2", "lanes", "2", "batch-size", "192", "epochs", "1000");
    NetworkSpec network = Zoo.build("resnet20", Shape.of(1, 28, 28), 10);
    // Classes, buffers of Spark, arenas of threads: they come once, and stay.
    interruptedBy(new Interrupting(Moment.BEGUN, 1000), network, settings);
    Trainings.awaitNoThreads();
    long before = Malloc.bytesInUse();
    long most = 0;
    for (int time = 0; time < 3; time++) {
      Interrupting listener = new Interrupting(Moment.BEGUN, 1000);
      interruptedBy(listener, network, settings);
      Trainings.awaitNoThreads();
      most = Math.max(most, listener.nativeBytes - before);
    }
    assertThat(most).as("bytes while it trained").isGreaterThan(100_000_000);
    long allowed = most / 10;
    assertThat(Malloc.growthSince(before, allowed)).as("of %d bytes", most).isLessThan(allowed);
  }

  private enum Moment {
    PLANNED,
    BEGUN,
    EPOCH_ENDED
  }

  /** Interrupts the thread that called the training, so many milliseconds after a moment. */
  private static final class Interrupting implements TrainingListener {
    private final Moment moment;
    private final int millis;
    private volatile Thread caller;
    private volatile long nativeBytes;

    private Interrupting(Moment moment, int millis) {
      this.moment = moment;
      this.millis = millis;
    }

    private void at(Moment now) {
      if (now == moment) {
        Thread interrupting =
            new Thread(
                () -> {
                  long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                  do {
                    // Between two rounds there is none of it.
                    nativeBytes = Math.max(nativeBytes, Malloc.bytesInUse());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(millis, 10)));
                  } while (System.nanoTime() - end < 0);
                  caller.interrupt();
                });
        interrupting.setDaemon(true);
        interrupting.start();
      }
    }

    @Override
    public void planned(TrainingPlan plan) {
      at(Moment.PLANNED);
    }

    @Override
    public void progressed(Progress progress) {
      if (progress.epoch() == 1 && progress.step() == 0) {
        at(Moment.BEGUN);
      }
    }

    @Override
    public void epochEnded(EpochReport report) {
      at(Moment.EPOCH_ENDED);
    }

    @Override
    public String toString() {
      return millis + " ms after " + moment;
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
              "epoch 1: its round failed 2 times, more than --retries allows: \\d of 3 workers"
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
