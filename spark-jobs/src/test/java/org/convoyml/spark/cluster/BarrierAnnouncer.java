package org.convoyml.spark.cluster;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.storage.RDDInfo;
import scala.collection.JavaConverters;

/**
 * Says on a driver's standard error when tasks of a barrier stage start, so that a test kills a
 * worker in the middle of a round and not in a stage that Spark repeats by itself. For {@code
 * spark.extraListeners}, with the test classes on the driver's class path.
 */
public final class BarrierAnnouncer extends SparkListener {
  private final Set<Integer> stages = new HashSet<>();
  private int number;

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (JavaConverters.seqAsJavaList(submitted.stageInfo().rddInfos()).stream()
        .anyMatch(RDDInfo::isBarrier)) {
      stages.add(submitted.stageInfo().stageId());
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    // All tasks of a barrier stage start together.
    if (stages.remove(start.stageId())) {
      number++;
      System.err.println("barrier stage " + number + " has started");
    }
  }
}
