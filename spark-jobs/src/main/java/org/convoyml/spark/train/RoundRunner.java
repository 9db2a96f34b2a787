package org.convoyml.spark.train;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.spark.checkpoint.Checkpoint;
import org.convoyml.spark.collective.transport.MeetingPoint;
import org.convoyml.spark.data.LanePartitioner;
import org.convoyml.spark.data.LanePlan;
import org.convoyml.spark.data.NumberedBatch;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.data.TensorTransformation;
import org.convoyml.spark.data.Variation;

/**
 * Runs rounds, each once: deals the images of its steps to the workers that there are, and runs the
 * barrier job.
 *
 * @param spark where it runs
 * @param hadoop where file systems are
 * @param job what is trained
 * @param plan how an epoch is cut
 * @param engine by name
 * @param images of the training
 * @param listener is told of progress
 */
record RoundRunner(
    SparkContext spark,
    Configuration hadoop,
    TrainingJob job,
    LanePlan plan,
    String engine,
    NumberedImages images,
    TrainingListener listener) {
  /** Keeps the epochs' permutations apart from other draws with the same seed. */
  private static final long ORDER = 0x6F72646572L;

  /**
   * Runs it.
   *
   * @param state where the training stands
   * @param before what the state's vectors are read from; null to start from the seed
   * @param workers how many take part
   * @param directory where workers write the state; its name is that of this attempt alone
   * @throws org.convoyml.spark.collective.WorkerLostException if it can be repeated
   * @throws org.convoyml.nn.ConvoyException if a worker failed
   */
  List<WorkerResult> run(RunState state, Checkpoint<RunState> before, int workers, Path directory) {
    int endStep = job.config().recovery().endOfRound(state.step(), plan.steps());
    ProgressAccumulator progress = new ProgressAccumulator();
    spark.register(progress, "progress");
    try (MeetingPoint meetingPoint = MeetingPoint.open(names(workers));
        RoundWatcher watcher =
            RoundWatcher.watch(
                spark,
                directory.toString(),
                progress.id(),
                job.config().timeoutSeconds(),
                listener)) {
      RoundSpec spec =
          new RoundSpec(
              meetingPoint.name(),
              NetworkJson.write(job.network()),
              job.config(),
              plan,
              workers,
              state.epoch(),
              state.step(),
              endStep,
              state.totals(),
              engine,
              state.plateau().factor(),
              before == null ? "" : before.directory().toString(),
              before == null ? List.of() : before.manifest().parts(),
              directory.toString());
      try {
        return new TrainingRound(spec, new SerializableConfiguration(hadoop), progress)
            .runOn(tensors(spec));
      } catch (Exception e) { // Scala throws checked exceptions that nothing declares
        throw watcher.explained(e);
      }
    }
  }

  /** What to call workers that do not come. */
  private List<String> names(int workers) {
    return IntStream.range(0, workers)
        .mapToObj(worker -> "worker %d (%s)".formatted(worker, plan.lanesOf(worker, workers)))
        .toList();
  }

  /** The images of the round, dealt to lanes and, lazily, decoded and augmented. */
  private JavaRDD<NumberedBatch> tensors(RoundSpec round) {
    TrainingConfig config = job.config();
    return images
        .deal(
            plan.batches(),
            plan.batchOf(round.firstStep(), 0),
            plan.batchOf(round.endStep(), 0),
            new long[] {ORDER, config.seed(), round.epoch()},
            new LanePartitioner(plan, round.workers()))
        .mapPartitions(
            new TensorTransformation(
                job.preprocessing(),
                new Variation(
                    config.augmentation(),
                    config.seed(),
                    round.epoch(),
                    plan.lanes(),
                    job.network().classes()),
                plan.batches().largest(),
                config.limits().maxPixels()));
  }
}
