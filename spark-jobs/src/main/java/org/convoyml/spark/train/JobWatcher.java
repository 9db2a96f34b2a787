package org.convoyml.spark.train;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.convoyml.nn.ConvoyException;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Listens to what Spark tells while a round runs: progress that came with a heartbeat, and why a
 * task failed. The exception of a failed barrier stage has no cause, only text; the event of the
 * task's end has the exception itself.
 */
final class JobWatcher extends SparkListener {
  private final long accumulatorId;
  private final TrainingListener listener;
  private final AtomicReference<ConvoyException> failure = new AtomicReference<>();

  JobWatcher(long accumulatorId, TrainingListener listener) {
    this.accumulatorId = accumulatorId;
    this.listener = listener;
  }

  /** What the first task to fail threw, if it is one of ours; otherwise null. */
  ConvoyException failure() {
    return failure.get();
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

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof ExceptionFailure failed && failed.exception().isDefined()) {
      for (Throwable cause = failed.exception().get(); cause != null; cause = cause.getCause()) {
        if (cause instanceof ConvoyException expected) {
          failure.compareAndSet(null, expected);
          return;
        }
      }
    }
  }
}
