package org.convoyml.spark.train;

import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.FetchFailed;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.storage.RDDInfo;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.WorkerLostException;
import org.convoyml.spark.driver.Jobs;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Watches one attempt at a round: passes on the progress that comes with heartbeats, finds out why
 * a task failed, and cancels the job if its barrier stage does not start. The exception of a failed
 * barrier stage has no cause, only text; the event of the task's end has the exception itself.
 */
final class RoundWatcher extends SparkListener implements AutoCloseable {
  /** How long all tasks of a barrier stage may take to start, if workers wait no less. */
  private static final int LAUNCH_SECONDS = 60;

  /** A job's property that says to which attempt it belongs. */
  private static final String ATTEMPT = "spark.convoy.attempt";

  /** How Spark begins the message that there are too few slots, which it does not say by class. */
  private static final String TOO_FEW_SLOTS = "[SPARK-24819]";

  private static final long EVENTS_MILLIS = 10_000;
  private static final long END_MILLIS = 5_000;

  private final SparkContext spark;
  private final String attempt;
  private final long accumulatorId;
  private final TrainingListener listener;
  private final int launchSeconds;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "convoy-launch-deadline");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Integer> stages = new HashSet<>();
  private int job = -1;
  private int barrierStage = -1;
  private int tasks;
  private int started;
  private ConvoyException failure;
  private ConvoyException failureBefore;
  private String lost;
  private String lostBefore;
  private boolean expired;

  private RoundWatcher(
      SparkContext spark,
      String attempt,
      long accumulatorId,
      int timeoutSeconds,
      TrainingListener listener) {
    this.launchSeconds = Math.min(LAUNCH_SECONDS, timeoutSeconds);
    this.spark = spark;
    this.attempt = attempt;
    this.accumulatorId = accumulatorId;
    this.listener = listener;
  }

  /**
   * Watches the next job that this thread starts, until it is closed.
   *
   * @param attempt names the attempt; used once
   * @param accumulatorId of the progress
   * @param timeoutSeconds how long workers wait for each other
   * @param listener is told of progress
   */
  static RoundWatcher watch(
      SparkContext spark,
      String attempt,
      long accumulatorId,
      int timeoutSeconds,
      TrainingListener listener) {
    RoundWatcher watcher =
        new RoundWatcher(spark, attempt, accumulatorId, timeoutSeconds, listener);
    spark.addSparkListener(watcher);
    watcher.timer.schedule(watcher::checkBegun, watcher.launchSeconds, TimeUnit.SECONDS);
    spark.setLocalProperty(ATTEMPT, attempt);
    return watcher;
  }

  @Override
  public void close() {
    spark.setLocalProperty(ATTEMPT, null);
    spark.removeSparkListener(this);
    timer.shutdownNow();
    try {
      timer.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    if (start.properties() != null && attempt.equals(start.properties().getProperty(ATTEMPT))) {
      job = start.jobId();
      JavaConverters.seqAsJavaList(start.stageInfos()).forEach(info -> stages.add(info.stageId()));
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (stages.contains(submitted.stageInfo().stageId())
        && JavaConverters.seqAsJavaList(submitted.stageInfo().rddInfos()).stream()
            .anyMatch(RDDInfo::isBarrier)) {
      barrierStage = submitted.stageInfo().stageId();
      tasks = submitted.stageInfo().numTasks();
      // Spark alone would wait for ever if an executor was lost since slots were counted.
      timer.schedule(this::checkStarted, launchSeconds, TimeUnit.SECONDS);
    }
  }

  /** Nobody can cancel what Spark has not taken yet, but one can say what it is at. */
  private void checkBegun() {
    synchronized (this) {
      if (job >= 0) {
        return;
      }
    }
    listener.warned(
        "Spark has not begun for %d s: it looks for enough free task slots, again every spark.scheduler.barrier.maxConcurrentTasksCheck.interval, as often as .maxFailures says"
            .formatted(launchSeconds));
  }

  private void checkStarted() {
    synchronized (this) {
      if (started >= tasks) {
        return;
      }
      expired = true;
    }
    spark.cancelJob(job, "its tasks did not start");
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    if (start.stageId() == barrierStage) {
      started++;
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (!stages.contains(end.stageId())) {
      return;
    }
    if (end.reason() instanceof ExecutorLostFailure gone) {
      noteLoss(
          end.stageId(),
          "executor %s is lost%s"
              .formatted(gone.execId(), gone.reason().isEmpty() ? "" : ": " + gone.reason().get()));
    } else if (end.reason() instanceof FetchFailed unread) {
      noteLoss(end.stageId(), PassingFailure.unread(unread.message()));
    } else if (end.reason() instanceof ExceptionFailure failed && failed.exception().isDefined()) {
      noteFailure(end.stageId(), failed.exception().get());
    }
  }

  /** What Spark repeats by itself, before the barrier stage, matters only if that never starts. */
  private void noteLoss(int stage, String what) {
    if (stage == barrierStage) {
      lost = lost == null ? what : lost;
    } else {
      lostBefore = lostBefore == null ? what : lostBefore;
    }
  }

  /**
   * Of stages before the barrier stage only what ends the job counts: Spark repeats their tasks.
   */
  private void noteFailure(int stage, Throwable thrown) {
    Optional<String> passing = PassingFailure.message(thrown);
    if (passing.isPresent()) {
      noteLoss(stage, passing.get());
      return;
    }
    ConvoyException expected =
        Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
            .filter(ConvoyException.class::isInstance)
            .map(ConvoyException.class::cast)
            .findFirst()
            .orElse(null);
    if (stage == barrierStage) {
      failure = failure == null ? expected : failure;
    } else {
      failureBefore = failureBefore == null ? expected : failureBefore;
    }
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
        JavaConverters.seqAsJavaList(heartbeat.accumUpdates())) {
      for (AccumulableInfo update : JavaConverters.seqAsJavaList(task._4())) {
        if (update.id() == accumulatorId
            && update.update().isDefined()
            && update.update().get() instanceof Progress progress) {
          listener.progressed(progress);
        }
      }
    }
  }

  /**
   * The reason of a failure as far as it is known: a {@link WorkerLostException} if the round can
   * be repeated, another {@link ConvoyException} if a task threw one, else the failure itself.
   */
  RuntimeException explained(Exception failed) {
    if (failed instanceof SparkException spark && !this.spark.isStopped()) {
      awaitEvents(failed);
      RuntimeException known = known(spark);
      if (known != null) {
        return known;
      }
    }
    return failed instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failed.getMessage(), failed);
  }

  /** Events arrive on a thread of their own, a little later than the exception. */
  private void awaitEvents(Exception failed) {
    try {
      spark.listenerBus().waitUntilEmpty(EVENTS_MILLIS);
    } catch (TimeoutException e) {
      failed.addSuppressed(e);
    }
  }

  private synchronized RuntimeException known(SparkException failed) {
    if (expired) {
      return new WorkerLostException(
          "%d of %d workers started within %d s".formatted(started, tasks, launchSeconds), failed);
    }
    if (Jobs.isCancelled(failed)) {
      return null;
    }
    if (lost != null) {
      return new WorkerLostException(lost, failed);
    }
    if (failure != null) {
      return new ConvoyException(failure.getMessage(), failed);
    }
    if (started == 0 && failureBefore != null) {
      return new ConvoyException(failureBefore.getMessage(), failed);
    }
    if (started == 0 && lostBefore != null) {
      return new WorkerLostException(lostBefore, failed);
    }
    if (failed.getMessage() != null && failed.getMessage().contains(TOO_FEW_SLOTS)) {
      return new WorkerLostException("executors went away before the workers started", failed);
    }
    return null;
  }
}
