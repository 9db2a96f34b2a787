package org.convoyml.spark.cli;

import org.convoyml.spark.data.ImageLimits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What of a data set is put up with; a {@link picocli.CommandLine.Mixin}. */
final class LimitOptions {
  @Option(
      names = "--max-corrupt",
      paramLabel = "SHARE",
      order = 900,
      description =
          "Share of the images that may be corrupt, from 0 to less than 1. Default:"
              + " ${DEFAULT-VALUE}.")
  private double maxCorrupt = ImageLimits.DEFAULT.maxCorrupt();

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      order = 901,
      description = "Larger images are taken for corrupt. Default: ${DEFAULT-VALUE}.")
  private long maxPixels = ImageLimits.DEFAULT.maxPixels();

  @Spec(Target.MIXEE)
  private CommandSpec command;

  /**
   * What was given.
   *
   * @throws ParameterException if a value is out of range
   */
  ImageLimits limits() {
    if (!(maxCorrupt >= 0 && maxCorrupt < 1)) {
      throw wrong("--max-corrupt must be in [0, 1), got " + maxCorrupt);
    }
    if (maxPixels <= 0) {
      throw wrong("--max-pixels must be positive, got " + maxPixels);
    }
    return new ImageLimits(maxPixels, maxCorrupt);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
