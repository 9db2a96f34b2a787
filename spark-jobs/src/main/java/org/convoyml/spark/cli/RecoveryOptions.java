package org.convoyml.spark.cli;

import org.convoyml.spark.train.Recovery;
import org.convoyml.spark.train.TrainingConfig;
import picocli.CommandLine.Option;

/** Options for the case that something fails, on which the result does not depend. */
final class RecoveryOptions {
  private static final Recovery DEFAULT = TrainingConfig.DEFAULT.recovery();

  @Option(
      names = "--resume",
      description =
          "Go on from the newest checkpoint of the same training, if there is one; the model"
              + " becomes the same to the bit.")
  boolean resume;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description =
          "Where the state is kept after each round until the model is written. Default: the"
              + " --output with .checkpoints behind.")
  private String checkpoints = DEFAULT.checkpoints();

  @Option(
      names = "--keep-checkpoints",
      paramLabel = "K",
      description = "How many of these are kept, the newest. Default: ${DEFAULT-VALUE}.")
  private int keep = DEFAULT.keep();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "STEPS",
      description =
          "Save the state after so many steps too, not only at the end of an epoch. Default: 0, at"
              + " the end only.")
  private int everySteps = DEFAULT.everySteps();

  @Option(
      names = "--retries",
      paramLabel = "N",
      description =
          "How often a round is repeated after workers were lost, before training fails. Default:"
              + " ${DEFAULT-VALUE}.")
  private int retries = DEFAULT.retries();

  Recovery recovery() {
    return new Recovery(checkpoints, keep, everySteps, retries);
  }
}
