package org.convoyml.spark.train;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.DriverDirectory;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.StratifiedSplit;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.spark.Versions;
import org.convoyml.spark.checkpoint.Checkpoint;
import org.convoyml.spark.checkpoint.Checkpoints;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.checkpoint.TrainingIdentity;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.data.LanePlan;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.driver.Supervised;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.model.AtomicDirectory;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.model.ModelDirectory;
import org.convoyml.spark.model.Provenance;
import org.convoyml.spark.preflight.Preflight;
import org.convoyml.spark.preflight.Slots;

/**
 * Convoy's trainer: a sequence of rounds, each a part of an epoch and a barrier job. Images are
 * dealt to lanes by one shuffle, decoded and augmented in the training tasks, and gradients or
 * parameters are averaged. Each round leaves a checkpoint; the last, or the best, becomes the
 * model.
 */
public final class LaneTrainer implements Trainer {
  private final SparkSession session;
  private final SparkContext spark;

  public LaneTrainer(SparkSession session) {
    this.session = session;
    this.spark = session.sparkContext();
  }

  @Override
  public TrainingSummary train(TrainingJob job, TrainingListener listener) {
    return Supervised.run(spark, "training", () -> supervised(job, listener));
  }

  private TrainingSummary supervised(TrainingJob job, TrainingListener listener) {
    job.check();
    TrainingConfig config = job.config();
    Engine engine =
        config.engine().equals(TrainingConfig.BEST_ENGINE)
            ? Engines.best()
            : Engines.named(config.engine());
    Configuration hadoop = DriverDirectory.configuration(session);
    checkApart(hadoop, job);
    checkOutput(hadoop, job);
    try (Checkpoints<RunState> checkpoints =
        new Checkpoints<>(hadoop, config.recovery().directory(job.output()), RunState.class)) {
      checkUnused(checkpoints, job);
      Preflight.check(
          session, job.preflight(engine, job.output(), config.recovery().directory(job.output())));
      int workers = Slots.workers(spark, config.workers(), config.lanes());
      Optional<StratifiedSplit> split = job.split();
      ImageDataset training = split.map(StratifiedSplit::training).orElse(job.dataset());
      try (NumberedImages images =
          NumberedImages.of(training, job.datasetName(), config.limits())) {
        LanePlan plan = new LanePlan(images.size(), config.lanes(), config.batchSize());
        RoundRunner runner =
            new RoundRunner(spark, hadoop, job, plan, engine.name(), images, listener);
        Optional<HeldOut> evaluated =
            config.validation().every() == 0
                ? Optional.empty()
                : split.map(parts -> heldOut(job, engine, parts.validation()));
        try {
          TrainingIdentity identity = identity(runner, evaluated);
          Checkpoint<RunState> from = resumed(job, runner, checkpoints, identity);
          listener.planned(plan(job, plan, workers, engine, from));
          TrainingSummary summary =
              new Run(runner, checkpoints, engine, identity)
                  .train(from, evaluated, split.map(StratifiedSplit::validation), workers);
          evaluated.ifPresent(known -> known.images().finished());
          images.finished();
          return summary;
        } finally {
          evaluated.ifPresent(known -> known.images().close());
        }
      }
    }
  }

  private HeldOut heldOut(TrainingJob job, Engine engine, ImageDataset dataset) {
    ImageLimits limits = job.config().limits().withoutShare();
    return new HeldOut(
        new Evaluator(session, engine.name(), Evaluator.BATCH_SIZE, limits),
        NumberedImages.of(dataset, job.datasetName(), limits),
        dataset.classes(),
        job.datasetName());
  }

  /** A place that cannot be written is better known before the work begins. */
  private static void checkOutput(Configuration hadoop, TrainingJob job) {
    AtomicDirectory.create(hadoop, job.output(), job.overwrite()).close();
  }

  private static void checkUnused(Checkpoints<RunState> checkpoints, TrainingJob job) {
    if (checkpoints.exist() && !job.resume() && !job.overwrite()) {
      throw new ConvoyException(
          "%s: a training that did not end has left its checkpoints: --resume goes on from there, --overwrite begins again"
              .formatted(checkpoints.directory()));
    }
  }

  /** A model within its checkpoints would be deleted with them, and the other way round. */
  private static void checkApart(Configuration hadoop, TrainingJob job) {
    String output = qualified(hadoop, job.output());
    String checkpoints = qualified(hadoop, job.config().recovery().directory(job.output()));
    if ((output + "/").startsWith(checkpoints + "/")
        || (checkpoints + "/").startsWith(output + "/")) {
      throw new ConvoyException(
          "%s: expected checkpoints beside the model, found one within the other: %s"
              .formatted(checkpoints, output));
    }
  }

  private static String qualified(Configuration hadoop, String path) {
    try (HadoopFiles files = HadoopFiles.of(hadoop, path)) {
      return files.qualified(new Path(path)).toString();
    }
  }

  /** The checkpoint to go on from, if that is wanted and there is one. */
  private Checkpoint<RunState> resumed(
      TrainingJob job,
      RoundRunner runner,
      Checkpoints<RunState> checkpoints,
      TrainingIdentity identity) {
    if (!job.resume()) {
      checkpoints.delete();
      return null;
    }
    StateJobs files = new StateJobs(spark, runner.hadoop());
    Checkpoints.Verification<RunState> verification =
        (directory, manifest) -> {
          files.verify(directory, manifest.parts());
          RunState state = manifest.state();
          int chosen = chosen(state, job.config());
          if (chosen != state.round()) {
            // Its weights may yet become the model.
            Checkpoint<RunState> other = checkpoints.of(chosen);
            files.verify(other.directory(), other.manifest().parts());
          }
        };
    Optional<Checkpoint<RunState>> newest =
        checkpoints.newest(identity, verification, runner.listener()::warned);
    if (newest.isEmpty()) {
      runner.listener().warned(checkpoints.directory() + ": no checkpoint, so training begins");
      return null;
    }
    return newest.get();
  }

  /** The number of the checkpoint that would become the model if training ended here. */
  static int chosen(RunState state, TrainingConfig config) {
    return state.selection().chosen(config.validation(), state.round());
  }

  /** Images that are evaluated on decide when training stops, and what becomes the model. */
  private TrainingIdentity identity(RoundRunner runner, Optional<HeldOut> evaluated) {
    TrainingJob job = runner.job();
    SortedMap<String, String> settings = job.config().toResultProperties();
    settings.put("engine", runner.engine());
    settings.put("threads per worker", String.valueOf(threadsPerWorker()));
    return new TrainingIdentity(
        settings,
        NetworkJson.write(job.network()),
        job.preprocessing().toJson(),
        job.dataset().classes(),
        runner.images().size(),
        Stream.concat(Stream.of(runner.images()), evaluated.stream().map(HeldOut::images))
            .map(images -> Long.toHexString(images.fingerprint()))
            .collect(joining("+")),
        Provenance.versions(Versions.convoy(), spark.version(), Engines.named(runner.engine())));
  }

  private TrainingPlan plan(
      TrainingJob job, LanePlan plan, int workers, Engine engine, Checkpoint<RunState> from) {
    RunState state = from == null ? RunState.START : from.state();
    try (CompiledNetwork compiled =
        engine.compile(
            job.network(),
            CompileOptions.training(plan.batches().largest(), threadsPerWorker())
                .withPrecision(job.config().precision()))) {
      return new TrainingPlan(
          job.network().name(),
          ParameterLayout.of(job.network()),
          job.network().classes(),
          plan,
          job.config(),
          workers,
          threadsPerWorker(),
          engine.name(),
          compiled.memoryPlan().total(),
          job.config().recovery().directory(job.output()),
          state.epoch(),
          state.step());
    }
  }

  private int threadsPerWorker() {
    return spark.getConf().getInt("spark.task.cpus", 1);
  }

  /** One training from the moment when all is known. */
  private final class Run {
    private final RoundRunner runner;
    private final TrainingJob job;
    private final Checkpoints<RunState> checkpoints;
    private final Engine engine;
    private final TrainingIdentity identity;

    private Run(
        RoundRunner runner,
        Checkpoints<RunState> checkpoints,
        Engine engine,
        TrainingIdentity identity) {
      this.runner = runner;
      this.job = runner.job();
      this.checkpoints = checkpoints;
      this.engine = engine;
      this.identity = identity;
    }

    private TrainingSummary train(
        Checkpoint<RunState> from,
        Optional<HeldOut> evaluated,
        Optional<ImageDataset> heldOut,
        int workers) {
      long start = System.nanoTime();
      Checkpoint<RunState> last =
          new Rounds(runner, checkpoints, identity, this::writeDescription, evaluated, workers)
              .run(from);
      Duration duration = Duration.ofNanos(System.nanoTime() - start);
      RunState end = last.state();
      int chosen = chosen(end, job.config());
      Quarantine quarantine = quarantine(end);
      writeModel(checkpoints.of(chosen), quarantine);
      deleteCheckpoints();
      return new TrainingSummary(
          end.lastEpoch(),
          end.trained() - (from == null ? 0 : from.state().trained()),
          duration,
          quarantine,
          heldOut,
          end.selection(),
          chosen,
          end.stopped());
    }

    private void writeModel(Checkpoint<RunState> chosen, Quarantine quarantine) {
      try (AtomicDirectory output =
          AtomicDirectory.create(runner.hadoop(), job.output(), job.overwrite())) {
        new StateJobs(spark, runner.hadoop())
            .copy(
                chosen.directory(),
                weights(chosen),
                output.files(),
                ModelDirectory.weights(output.path()));
        writeDescription(output.files(), output.path(), quarantine.size());
        if (!quarantine.isEmpty()) {
          output.files().writeText(new Path(output.path(), Quarantine.FILE), quarantine.toCsv());
        }
        output.commit();
      }
    }

    private static StatePart weights(Checkpoint<RunState> checkpoint) {
      return checkpoint.manifest().parts().stream()
          .filter(part -> part.name().equals(ModelDirectory.WEIGHTS))
          .findFirst()
          .orElseThrow(() -> new ConvoyException(checkpoint.directory() + ": has no weights"));
    }

    private void deleteCheckpoints() {
      try {
        checkpoints.delete();
      } catch (ConvoyException e) {
        // The model is there, which is what counts.
        runner.listener().warned(e.getMessage());
      }
    }

    private static Quarantine quarantine(RunState state) {
      Quarantine quarantine = new Quarantine();
      state.corrupt().forEach(quarantine::add);
      return quarantine;
    }

    private void writeDescription(HadoopFiles files, Path directory, int quarantined) {
      ModelDirectory.writeDescription(
          files,
          directory,
          new ModelDirectory.Description(
              job.network(), job.preprocessing(), job.dataset().classes()),
          new Provenance(
              job.config().toResultProperties(),
              job.datasetName(),
              runner.images().size(),
              Long.toHexString(runner.images().fingerprint()),
              quarantined,
              threadsPerWorker(),
              Provenance.versions(Versions.convoy(), spark.version(), engine)));
    }
  }
}
