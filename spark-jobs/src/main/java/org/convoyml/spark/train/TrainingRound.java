package org.convoyml.spark.train;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.spark.collective.transport.BarrierTask;
import org.convoyml.spark.data.NumberedBatch;
import org.convoyml.spark.driver.Jobs;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** What every task of a round's barrier stage runs. */
final class TrainingRound extends AbstractFunction1<Iterator<NumberedBatch>, Iterator<WorkerResult>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RoundSpec round;
  private final SerializableConfiguration configuration;
  private final ProgressAccumulator progress;

  TrainingRound(
      RoundSpec round, SerializableConfiguration configuration, ProgressAccumulator progress) {
    this.round = round;
    this.configuration = configuration;
    this.progress = progress;
  }

  /** Runs the round on the given images, one partition for each worker. */
  List<WorkerResult> runOn(JavaRDD<NumberedBatch> images) {
    return Jobs.collectLast(
        images
            .rdd()
            .barrier()
            .mapPartitions(this, false, ClassTag$.MODULE$.<WorkerResult>apply(WorkerResult.class))
            .toJavaRDD());
  }

  @Override
  public Iterator<WorkerResult> apply(Iterator<NumberedBatch> images) {
    Worker worker = new Worker(round, BarrierTask.context(), configuration.value(), progress);
    WorkerResult result = worker.run(JavaConverters.asJavaIterator(images));
    return JavaConverters.asScalaIterator(List.of(result).iterator());
  }
}
