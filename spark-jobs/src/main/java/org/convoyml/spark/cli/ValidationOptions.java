package org.convoyml.spark.cli;

import org.convoyml.spark.train.TrainingConfig;
import org.convoyml.spark.train.Validation;
import org.convoyml.spark.train.Validation.Keep;
import org.convoyml.spark.train.Validation.Monitor;
import picocli.CommandLine.Option;

/** Options about images that are held out of training, on which the result depends. */
final class ValidationOptions {
  private static final Validation DEFAULT = TrainingConfig.DEFAULT.validation();

  @Option(
      names = "--validation-split",
      paramLabel = "F",
      description =
          "Share of each class that is not trained on, in [0, 1); the model is evaluated on it"
              + " afterwards, and validation.json written beside the weights. Default: none.")
  private double split = DEFAULT.split();

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      description =
          "Epochs between evaluations while it is trained; 0 evaluates only the finished model."
              + " Default: 1 with --patience or --keep best, otherwise 0.")
  private Integer every;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after so many evaluations without a better figure. Default: never.")
  private int patience = DEFAULT.patience();

  @Option(
      names = "--monitor",
      paramLabel = "FIGURE",
      description = "The figure that counts: accuracy or loss. Default: accuracy.")
  private Monitor monitor = DEFAULT.monitor();

  @Option(
      names = "--keep",
      paramLabel = "WHICH",
      description =
          "The weights that the model gets: those of the last epoch, or of the best evaluation."
              + " Default: best with --patience, otherwise last.")
  private Keep keep;

  Validation validation() {
    Keep kept = keep != null ? keep : patience > 0 ? Keep.BEST : DEFAULT.keep();
    boolean needed = patience > 0 || kept == Keep.BEST;
    int epochs = every != null ? every : needed ? 1 : DEFAULT.every();
    return new Validation(split, epochs, patience, monitor, kept);
  }
}
