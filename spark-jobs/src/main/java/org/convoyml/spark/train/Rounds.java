package org.convoyml.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.train.LearningRateSchedule.Plateau;
import org.convoyml.spark.checkpoint.Checkpoint;
import org.convoyml.spark.checkpoint.Checkpoints;
import org.convoyml.spark.checkpoint.Manifest;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.checkpoint.TrainingIdentity;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.WorkerLostException;
import org.convoyml.spark.data.Ledger;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.preflight.Slots;

/**
 * The rounds of one training, one after the other, each from the checkpoint that the one before has
 * left. A round whose workers were lost is repeated from there, on the workers that there are then.
 */
final class Rounds {
  private final RoundRunner runner;
  private final Checkpoints<RunState> checkpoints;
  private final TrainingIdentity identity;
  private final ModelFiles modelFiles;
  private final Optional<HeldOut> heldOut;
  private final TrainingConfig config;
  private final TrainingListener listener;
  private int workers;

  /** Writes all of a model but its weights. */
  @FunctionalInterface
  interface ModelFiles {
    void write(HadoopFiles files, Path directory, int quarantined);
  }

  /**
   * @param runner how a round is run
   * @param checkpoints where states are kept
   * @param identity of the training
   * @param modelFiles what makes a checkpoint a model
   * @param heldOut images to evaluate on, if that is wanted during training
   * @param workers how many take part at first
   */
  Rounds(
      RoundRunner runner,
      Checkpoints<RunState> checkpoints,
      TrainingIdentity identity,
      ModelFiles modelFiles,
      Optional<HeldOut> heldOut,
      int workers) {
    this.runner = runner;
    this.checkpoints = checkpoints;
    this.identity = identity;
    this.modelFiles = modelFiles;
    this.heldOut = heldOut;
    this.config = runner.job().config();
    this.listener = runner.listener();
    this.workers = workers;
  }

  /**
   * Runs all that are left.
   *
   * @param from the checkpoint to go on from; null to begin
   * @return the last checkpoint
   */
  Checkpoint<RunState> run(Checkpoint<RunState> from) {
    Checkpoint<RunState> last = from;
    RunState state = from == null ? RunState.START : from.state();
    while (!state.isDone(config)) {
      last = round(state, last);
      state = last.state();
      prune(state.round());
    }
    return last;
  }

  private void prune(int last) {
    try {
      checkpoints.prune(last, config.recovery().keep(), state -> LaneTrainer.chosen(state, config));
    } catch (ConvoyException e) {
      // The new one is there, which is what counts.
      listener.warned(e.getMessage());
    }
  }

  private Checkpoint<RunState> round(RunState state, Checkpoint<RunState> before) {
    for (int failures = 0; ; ) {
      countWorkers(state);
      Path directory = checkpoints.attempt(state.round() + 1);
      try {
        return commit(state, directory, timed(state, before, directory));
      } catch (WorkerLostException e) {
        giveUp(directory, e);
        failures++;
        if (failures > config.recovery().retries()) {
          throw new ConvoyException(
              "epoch %d: its round failed %d times, more than --retries allows: %s"
                  .formatted(state.epoch() + 1, failures, e.getMessage()),
              e);
        }
        listener.warned(
            "epoch %d: %s; again from step %d"
                .formatted(state.epoch() + 1, e.getMessage(), state.step() + 1));
        Slots.settle();
      } catch (RuntimeException | Error e) {
        giveUp(directory, e);
        throw e;
      }
    }
  }

  private void giveUp(Path directory, Throwable reason) {
    try {
      checkpoints.giveUp(directory);
    } catch (ConvoyException e) {
      // Perhaps the file system is what has failed: the first reason is the one to tell.
      reason.addSuppressed(e);
    }
  }

  /** Between rounds executors may have come or gone. */
  private void countWorkers(RunState state) {
    int now = Slots.now(runner.spark(), config.workers(), config.lanes());
    if (now != workers) {
      listener.warned(
          "epoch %d: %d worker(s) from step %d on, before %d"
              .formatted(state.epoch() + 1, now, state.step() + 1, workers));
      workers = now;
    }
  }

  /** What a round's workers say, and how long they took. */
  private record Outcome(List<WorkerResult> results, double seconds) {
    private Totals totals() {
      return results.get(0).totals();
    }

    private Ledger ledger() {
      return results.stream().map(WorkerResult::ledger).reduce(Ledger.EMPTY, Ledger::plus);
    }

    private List<StatePart> parts() {
      return results.stream().map(WorkerResult::parts).flatMap(Stream::of).toList();
    }
  }

  private Outcome timed(RunState state, Checkpoint<RunState> before, Path directory) {
    listener.progressed(progress(state.epoch(), state.step(), state.totals(), Double.NaN));
    long start = System.nanoTime();
    List<WorkerResult> results = runner.run(state, before, workers, directory);
    return new Outcome(results, (System.nanoTime() - start) / 1e9);
  }

  private Progress progress(int epoch, int step, Totals totals, double imagesPerSecond) {
    return new Progress(
        epoch + 1,
        config.epochs(),
        step,
        runner.plan().steps(),
        totals.meanLoss(),
        totals.accuracy(),
        imagesPerSecond);
  }

  private Checkpoint<RunState> commit(RunState state, Path directory, Outcome outcome) {
    Quarantine quarantine = quarantine(state, outcome);
    RunState next = next(state, outcome, quarantine);
    listener.progressed(
        progress(
            state.epoch(),
            next.step() == 0 ? runner.plan().steps() : next.step(),
            outcome.totals(),
            outcome.ledger().trained() / outcome.seconds()));
    modelFiles.write(checkpoints.files(), directory, quarantine.size());
    if (next.epoch() > state.epoch()) {
      next = atEndOfEpoch(state, next, outcome, directory);
    }
    return checkpoints.commit(
        next.round(), directory, new Manifest<>(identity, outcome.parts(), next));
  }

  private Quarantine quarantine(RunState state, Outcome outcome) {
    Quarantine quarantine = new Quarantine();
    state.corrupt().forEach(quarantine::add);
    outcome.results().stream()
        .map(WorkerResult::corrupt)
        .flatMap(Stream::of)
        .forEach(quarantine::add);
    quarantine.reasons().check(config.limits(), runner.images().size(), runner.job().datasetName());
    return quarantine;
  }

  private RunState next(RunState state, Outcome outcome, Quarantine quarantine) {
    int steps = runner.plan().steps();
    RunState next =
        state.after(
            config.recovery().endOfRound(state.step(), steps),
            steps,
            outcome.totals(),
            outcome.ledger(),
            new ArrayList<>(quarantine.images()));
    boolean stopped = outcome.results().stream().anyMatch(WorkerResult::stopped);
    Ledger ledger = state.ledger().plus(outcome.ledger());
    if (stopped) {
      // Of corrupt ones the quarantine would have told.
      throw new ConvoyException(
          "epoch %d: more images are missing than --max-corrupt allows to be corrupt, so the data set has changed meanwhile: %d images in, %d trained, %d quarantined when it stopped"
              .formatted(
                  state.epoch() + 1, runner.images().size(), ledger.trained(), ledger.corrupt()));
    }
    if (outcome.totals().examples() != ledger.trained()) {
      throw new IllegalStateException(
          "epoch %d: trained %d images, counted %d"
              .formatted(state.epoch() + 1, ledger.trained(), outcome.totals().examples()));
    }
    return next;
  }

  private RunState atEndOfEpoch(RunState before, RunState next, Outcome outcome, Path directory) {
    Ledger ledger = before.ledger().plus(outcome.ledger());
    long images = runner.images().size();
    if (!ledger.balances(images, runner.images().fingerprint())) {
      throw new ConvoyException(
          "epoch %d: the ledger does not balance, so the data set has changed meanwhile: %d images in, %d trained, %d quarantined, %d duplicates, %d missing%s"
              .formatted(
                  next.epoch(),
                  images,
                  ledger.trained(),
                  ledger.corrupt(),
                  ledger.duplicates(),
                  ledger.missing(images),
                  ledger.fingerprint() == runner.images().fingerprint()
                      ? ""
                      : ", not the same images"));
    }
    RunState state = next;
    if (config.learningRate().schedule() instanceof Plateau schedule) {
      state = state.with(schedule.after(state.plateau(), outcome.totals().meanLoss()));
    }
    Optional<ModelSelection.Score> score = Optional.empty();
    if (heldOut.isPresent() && config.validation().isDue(next.epoch(), config.epochs())) {
      score = Optional.of(heldOut.get().score(directory, next.epoch(), next.round()));
      ModelSelection selection =
          state.selection().after(score.get(), config.validation().monitor());
      state = state.with(selection, selection.hasLostPatience(config.validation()));
    }
    listener.epochEnded(new EpochReport(next.epoch(), images, ledger, score));
    return state;
  }
}
