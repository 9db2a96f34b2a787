package org.convoyml.spark.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.train.EpochReport;
import org.convoyml.spark.train.ModelSelection;
import org.convoyml.spark.train.Progress;
import org.convoyml.spark.train.TrainingListener;
import org.convoyml.spark.train.TrainingPlan;
import org.convoyml.spark.train.TrainingSummary;

/** Tells the user what is planned, how far it is and how it ended. */
final class TrainingDisplay implements TrainingListener, AutoCloseable {
  private final ProgressDisplay progress;

  TrainingDisplay(PrintStream out) {
    progress = new ProgressDisplay(out, Terminal.detect());
  }

  @Override
  public void planned(TrainingPlan plan) {
    progress.line(
        String.format(
            Locale.ROOT,
            "%s, %,d parameters, %d classes; engine %s",
            plan.network(),
            plan.layout().parameterCount(),
            plan.classes(),
            plan.engine()));
    progress.line(
        String.format(
            Locale.ROOT,
            "%,d images, %s of %s of %d images in %s",
            plan.lanes().images(),
            count(plan.config().epochs(), "epoch"),
            count(plan.lanes().steps(), "step"),
            plan.lanes().batchSize(),
            count(plan.lanes().lanes(), "lane")));
    progress.line(
        String.format(
            Locale.ROOT,
            "%s with %s, %,d MB of native memory and %,d MB of vectors each",
            count(plan.workers(), "worker"),
            count(plan.threadsPerWorker(), "thread"),
            megabytes(plan.nativeBytesPerWorker()),
            megabytes(plan.vectorBytesPerWorker())));
    progress.line(
        averaging(plan)
            + (plan.checkpoints().isEmpty() ? "" : "; checkpoints in " + plan.checkpoints()));
    if (plan.firstEpoch() > 0 || plan.firstStep() > 0) {
      progress.line(
          String.format(
              Locale.ROOT,
              "goes on from epoch %d, step %d",
              plan.firstEpoch() + 1,
              plan.firstStep() + 1));
    }
  }

  private static String averaging(TrainingPlan plan) {
    return switch (plan.config().averaging().sync()) {
      case GRADIENTS -> "gradients are averaged in every step";
      case PARAMETERS ->
          plan.config().averaging().frequency() == 1
              ? "parameters are averaged after every step"
              : "parameters are averaged after every %d steps"
                  .formatted(plan.config().averaging().frequency());
    };
  }

  private static long megabytes(long bytes) {
    return (bytes + 999_999) / 1_000_000;
  }

  private static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  @Override
  public void progressed(Progress newProgress) {
    progress.update(newProgress);
  }

  @Override
  public void epochEnded(EpochReport report) {
    progress.line(
        String.format(
            Locale.ROOT,
            "  %s in, %,d trained, %,d quarantined, %,d duplicates, %,d missing",
            count(report.images(), "image"),
            report.ledger().trained(),
            report.ledger().corrupt(),
            report.ledger().duplicates(),
            report.ledger().missing(report.images())));
    report.score().ifPresent(score -> progress.line("  held out: " + figures(score)));
  }

  private static String figures(ModelSelection.Score score) {
    return String.format(
        Locale.ROOT, "accuracy %.2f%%, loss %.4f", 100 * score.accuracy(), score.loss());
  }

  @Override
  public void warned(String what) {
    progress.line("warning: " + what);
  }

  void done(TrainingSummary summary, String output) {
    if (summary.stoppedEarly()) {
      progress.line("stopped early: the figure has not become better for too long");
    }
    summary
        .chosenScore()
        .ifPresent(
            score ->
                progress.line(
                    "the model is that of epoch %d: %s".formatted(score.epoch(), figures(score))));
    progress.line(
        String.format(
            Locale.ROOT,
            "trained in %.1f s, %,.0f images/s; the model is in %s",
            summary.duration().toMillis() / 1e3,
            summary.imagesPerSecond(),
            output));
    if (!summary.quarantine().isEmpty()) {
      progress.line(QuarantineLine.of(summary.quarantine(), output + "/" + Quarantine.FILE));
    }
  }

  @Override
  public void close() {
    progress.close();
  }
}
