package org.convoyml.spark.preflight;

import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.BarrierTask;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/**
 * What the tasks of a barrier stage run that fills all slots, and so reaches every executor. The
 * first task of each executor speaks for it.
 */
final class ExecutorProbe extends AbstractFunction1<Iterator<Object>, Iterator<ExecutorReport>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ProbeSpec spec;
  private final SerializableConfiguration hadoop;

  ExecutorProbe(ProbeSpec spec, SerializableConfiguration hadoop) {
    this.spec = spec;
    this.hadoop = hadoop;
  }

  @Override
  public Iterator<ExecutorReport> apply(Iterator<Object> nothing) {
    BarrierTaskContext context = BarrierTask.context();
    Map<String, Long> slots = new LinkedHashMap<>();
    List<String> addresses =
        Stream.of(context.getTaskInfos()).map(BarrierTaskInfo::address).toList();
    addresses.forEach(address -> slots.merge(address, 1L, Long::sum));
    String own = addresses.get(context.partitionId());
    boolean speaks = addresses.indexOf(own) == context.partitionId();
    List<String> executors = List.copyOf(slots.keySet());
    Waiting waiting = new Waiting(Duration.ofSeconds(spec.seconds()), context::isInterrupted);
    Gathering rollCall = new Gathering(spec.rollCall(), context);
    Gathering connecting = new Gathering(spec.connecting(), context);
    if (!speaks) {
      // Whenever those who speak meet, all tasks must come.
      if (executors.size() > 1 && ExecutorTrial.allListen(rollCall.listen(waiting))) {
        connecting.listen(waiting);
      }
      return iterator(List.of());
    }
    int number = executors.indexOf(own);
    try (ExecutorTrial trial =
        new ExecutorTrial(spec, hadoop.value(), number, executors.size(), waiting)) {
      trial.alone();
      if (executors.size() > 1) {
        trial.together(rollCall.tell(trial.summary(), waiting), connecting);
      }
      return iterator(List.of(trial.report(slots.get(own).intValue())));
    }
  }

  private static Iterator<ExecutorReport> iterator(List<ExecutorReport> reports) {
    return JavaConverters.asScalaIterator(reports.iterator());
  }
}
