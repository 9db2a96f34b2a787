package org.convoyml.spark.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.StratifiedSplit;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.LearningRateSchedule.Plateau;
import org.convoyml.nn.train.UpdateRule;
import org.convoyml.spark.Versions;
import org.convoyml.spark.checkpoint.TrainingState;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.transport.MeetingPoint;
import org.convoyml.spark.data.LanePartitioner;
import org.convoyml.spark.data.LanePlan;
import org.convoyml.spark.data.NumberedBatch;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.data.TensorTransformation;
import org.convoyml.spark.data.Variation;
import org.convoyml.spark.model.AtomicDirectory;
import org.convoyml.spark.model.ModelDirectory;
import org.convoyml.spark.model.Provenance;
import org.convoyml.spark.preflight.Slots;

/**
 * Convoy's trainer: a sequence of rounds, each an epoch and a barrier job. Images are dealt to
 * lanes by one shuffle, decoded and augmented in the training tasks, and gradients are averaged
 * every step.
 */
public final class LaneTrainer implements Trainer {
  /** Keeps the epochs' permutations apart from other draws with the same seed. */
  private static final long ORDER = 0x6F72646572L;

  private static final long EVENTS_MILLIS = 10_000;

  private final SparkSession session;
  private final SparkContext spark;

  public LaneTrainer(SparkSession session) {
    this.session = session;
    this.spark = session.sparkContext();
  }

  @Override
  public TrainingSummary train(TrainingJob job, TrainingListener listener) {
    checkClasses(job);
    SoftLabels.check(job.network(), job.config().augmentation());
    TrainingConfig config = job.config();
    Engine engine =
        config.engine().equals(TrainingConfig.BEST_ENGINE)
            ? Engines.best()
            : Engines.named(config.engine());
    Configuration hadoop = session.sessionState().newHadoopConf();
    try (AtomicDirectory output = AtomicDirectory.create(hadoop, job.output(), job.overwrite())) {
      int workers = Slots.workers(spark, config.workers(), config.lanes());
      Optional<StratifiedSplit> split = split(job);
      ImageDataset training = split.map(StratifiedSplit::training).orElse(job.dataset());
      try (NumberedImages images =
          NumberedImages.of(training, job.datasetName(), config.limits())) {
        LanePlan plan = new LanePlan(images.size(), config.lanes(), config.batchSize());
        listener.planned(plan(job, plan, workers, engine));
        Run run = new Run(job, plan, workers, engine, hadoop, images, output, listener);
        TrainingSummary summary = run.allRounds(split.map(StratifiedSplit::validation));
        ModelDirectory.writeDescription(
            output.files(),
            output.path(),
            new ModelDirectory.Description(
                job.network(), job.preprocessing(), job.dataset().classes()),
            provenance(job, images, summary.quarantine(), engine));
        writeQuarantine(output, summary.quarantine());
        output.commit();
        return summary;
      }
    }
  }

  private static Optional<StratifiedSplit> split(TrainingJob job) {
    TrainingConfig config = job.config();
    return config.validationSplit() == 0
        ? Optional.empty()
        : Optional.of(
            StratifiedSplit.of(
                job.dataset(), config.validationSplit(), config.seed(), job.datasetName()));
  }

  private static void checkClasses(TrainingJob job) {
    int expected = job.network().classes();
    List<String> found = job.dataset().classes();
    if (found.size() != expected) {
      throw new ConvoyException(
          "%s: the network tells %d classes apart, the data set has %d: %s"
              .formatted(job.datasetName(), expected, found.size(), String.join(", ", found)));
    }
  }

  private TrainingPlan plan(TrainingJob job, LanePlan plan, int workers, Engine engine) {
    try (CompiledNetwork compiled =
        engine.compile(
            job.network(),
            CompileOptions.training(plan.batches().largest(), threadsPerWorker())
                .withPrecision(job.config().precision()))) {
      return new TrainingPlan(
          job.network().name(),
          ParameterLayout.of(job.network()).parameterCount(),
          job.network().classes(),
          plan,
          job.config().epochs(),
          workers,
          threadsPerWorker(),
          engine.name(),
          compiled.memoryPlan().total());
    }
  }

  private int threadsPerWorker() {
    return spark.getConf().getInt("spark.task.cpus", 1);
  }

  private static void writeQuarantine(AtomicDirectory output, Quarantine quarantine) {
    if (!quarantine.isEmpty()) {
      output.files().writeText(new Path(output.path(), Quarantine.FILE), quarantine.toCsv());
    }
  }

  private Provenance provenance(
      TrainingJob job, NumberedImages images, Quarantine quarantine, Engine engine) {
    return new Provenance(
        job.config().toResultProperties(),
        job.datasetName(),
        images.size(),
        images.fingerprint(),
        quarantine.size(),
        threadsPerWorker(),
        Provenance.versions(Versions.convoy(), spark.version(), engine));
  }

  /** The rounds of one training. */
  private final class Run {
    private final TrainingJob job;
    private final LanePlan plan;
    private final int workers;
    private final Engine engine;
    private final Configuration hadoop;
    private final NumberedImages images;
    private final AtomicDirectory output;
    private final TrainingListener listener;
    private final Path states;
    private final Quarantine quarantine = new Quarantine();
    private Plateau.State plateau = Plateau.State.START;
    private long trained;

    private Run(
        TrainingJob job,
        LanePlan plan,
        int workers,
        Engine engine,
        Configuration hadoop,
        NumberedImages images,
        AtomicDirectory output,
        TrainingListener listener) {
      this.job = job;
      this.plan = plan;
      this.workers = workers;
      this.engine = engine;
      this.hadoop = hadoop;
      this.images = images;
      this.output = output;
      this.listener = listener;
      this.states = new Path(output.path(), "states");
    }

    /** Runs them all and leaves the weights in the output. */
    private TrainingSummary allRounds(Optional<ImageDataset> heldOut) {
      long start = System.nanoTime();
      Totals last = Totals.NONE;
      for (int epoch = 0; epoch < job.config().epochs(); epoch++) {
        last = round(epoch);
        if (job.config().learningRate().schedule() instanceof Plateau schedule) {
          plateau = schedule.after(plateau, last.meanLoss());
        }
        if (epoch > 0) {
          output.files().delete(state(epoch - 1));
        }
      }
      Duration duration = Duration.ofNanos(System.nanoTime() - start);
      output
          .files()
          .rename(
              finalWeights(state(job.config().epochs() - 1)),
              ModelDirectory.weights(output.path()));
      output.files().delete(states);
      return new TrainingSummary(last, trained, duration, quarantine, heldOut);
    }

    /** The moving average if there is one. */
    private Path finalWeights(Path state) {
      UpdateRule rule = job.config().updateRule();
      return rule.averages()
          ? TrainingState.optimizerFile(state, rule.stateVectors() - 1)
          : ModelDirectory.weights(state);
    }

    private Path state(int epoch) {
      return new Path(states, "round-%05d".formatted(epoch));
    }

    private Totals round(int epoch) {
      TrainingConfig config = job.config();
      listener.progressed(
          new Progress(
              epoch + 1, config.epochs(), 0, plan.steps(), Double.NaN, Double.NaN, Double.NaN));
      long start = System.nanoTime();
      List<WorkerResult> results;
      try (MeetingPoint meetingPoint = MeetingPoint.open(workers)) {
        results = run(spec(epoch, meetingPoint), tensors(epoch));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Totals totals = checkLedger(epoch, results);
      listener.progressed(
          new Progress(
              epoch + 1,
              config.epochs(),
              plan.steps(),
              plan.steps(),
              totals.meanLoss(),
              totals.accuracy(),
              totals.examples() / seconds));
      return totals;
    }

    private RoundSpec spec(int epoch, MeetingPoint meetingPoint) {
      return new RoundSpec(
          "%s round %d".formatted(output.path(), epoch),
          meetingPoint.name(),
          NetworkJson.write(job.network()),
          job.config(),
          plan,
          workers,
          epoch,
          engine.name(),
          plateau.factor(),
          epoch == 0 ? "" : state(epoch - 1).toString(),
          state(epoch).toString());
    }

    /** The epoch's images, dealt to lanes and, lazily, decoded and augmented. */
    private JavaRDD<NumberedBatch> tensors(int epoch) {
      long[] order = {ORDER, job.config().seed(), epoch};
      return images
          .deal(plan.batches(), order, new LanePartitioner(plan, workers))
          .mapPartitions(
              new TensorTransformation(
                  job.preprocessing(),
                  new Variation(
                      job.config().augmentation(),
                      job.config().seed(),
                      epoch,
                      plan.lanes(),
                      job.network().classes()),
                  plan.batches().largest(),
                  job.config().limits().maxPixels()));
    }

    private List<WorkerResult> run(RoundSpec spec, JavaRDD<NumberedBatch> tensors) {
      ProgressAccumulator progress = new ProgressAccumulator();
      spark.register(progress, "progress");
      JobWatcher watcher = new JobWatcher(progress.id(), listener);
      spark.addSparkListener(watcher);
      try {
        return new TrainingRound(spec, new SerializableConfiguration(hadoop), progress)
            .runOn(tensors);
      } catch (Exception e) {
        throw explained(e, watcher);
      } finally {
        spark.removeSparkListener(watcher);
      }
    }

    private RuntimeException explained(Exception failed, JobWatcher watcher) {
      if (failed instanceof SparkException) {
        try {
          // Events arrive on a thread of their own, a little later than the exception.
          spark.listenerBus().waitUntilEmpty(EVENTS_MILLIS);
        } catch (java.util.concurrent.TimeoutException e) {
          failed.addSuppressed(e);
        }
        if (watcher.failure() != null) {
          return new ConvoyException(watcher.failure().getMessage(), failed);
        }
      }
      return failed instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(failed.getMessage(), failed);
    }

    /** Every image was trained once, or is corrupt. */
    private Totals checkLedger(int epoch, List<WorkerResult> results) {
      long now = results.stream().mapToLong(WorkerResult::trained).sum();
      long corrupt = results.stream().mapToLong(result -> result.corrupt().length).sum();
      results.stream().map(WorkerResult::corrupt).flatMap(Stream::of).forEach(quarantine::add);
      quarantine.reasons().check(job.config().limits(), images.size(), job.datasetName());
      Totals totals = results.get(0).totals();
      boolean stopped = results.stream().anyMatch(WorkerResult::stopped);
      if (stopped || now + corrupt != plan.images() || totals.examples() != now) {
        throw new IllegalStateException(
            "epoch %d: expected %d images, trained %d, counted %d, left out %d%s"
                .formatted(
                    epoch + 1,
                    plan.images(),
                    now,
                    totals.examples(),
                    corrupt,
                    stopped ? ", stopped" : ""));
      }
      trained += now;
      return totals;
    }
  }
}
