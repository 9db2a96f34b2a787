package org.convoyml.spark.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.convoyml.spark.data.Quarantine;
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
            plan.parameters(),
            plan.classes(),
            plan.engine()));
    progress.line(
        String.format(
            Locale.ROOT,
            "%,d images, %s of %s of %d images in %s",
            plan.lanes().images(),
            count(plan.epochs(), "epoch"),
            count(plan.lanes().steps(), "step"),
            plan.lanes().batchSize(),
            count(plan.lanes().lanes(), "lane")));
    progress.line(
        String.format(
            Locale.ROOT,
            "%s with %s and %,d MB of native memory each",
            count(plan.workers(), "worker"),
            count(plan.threadsPerWorker(), "thread"),
            (plan.nativeBytesPerWorker() + 999_999) / 1_000_000));
  }

  private static String count(int number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  @Override
  public void progressed(Progress newProgress) {
    progress.update(newProgress);
  }

  void done(TrainingSummary summary, String output) {
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
