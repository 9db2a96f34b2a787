package org.convoyml.spark.preflight;

import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.MeetingPoint;

/**
 * All tasks of the barrier stage come here once, whether they have something to say or not: the
 * driver cannot know beforehand on how many executors they will run.
 *
 * @param point the name of the driver's meeting point
 * @param context of the task that comes
 */
record Gathering(String point, BarrierTaskContext context) {
  /** What the driver calls a task that does not come. */
  static String member(int task) {
    return "task %d of the preflight".formatted(task);
  }

  /** Listens to those who have something to say. */
  List<String> listen(Waiting waiting) {
    return tell("", waiting);
  }

  /** Returns what all those have said who have something to say, in order of their tasks. */
  List<String> tell(String text, Waiting waiting) {
    int task = context.partitionId();
    return MeetingPoint.gather(point, task, member(task), text, waiting).stream()
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
