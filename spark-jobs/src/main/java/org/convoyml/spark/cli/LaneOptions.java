package org.convoyml.spark.cli;

import java.util.Locale;
import org.convoyml.spark.train.Averaging;
import org.convoyml.spark.train.TrainingConfig;
import picocli.CommandLine.Option;

/** Options about lanes and what they average, on which the result depends. */
final class LaneOptions {
  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images in a step, over all lanes. Default: 128.")
  private Integer batchSize;

  @Option(
      names = "--micro-batch-size",
      paramLabel = "N",
      description = "Instead of --batch-size: images in a step, in each lane.")
  private Integer microBatchSize;

  @Option(
      names = "--lanes",
      paramLabel = "M",
      description =
          "Streams of micro-batches whose gradients or parameters are averaged, a power of two."
              + " Default: ${DEFAULT-VALUE}.")
  int lanes = TrainingConfig.DEFAULT.lanes();

  @Option(
      names = "--sync",
      paramLabel = "WHAT",
      description =
          "What lanes average: gradients in every step, or parameters every few steps, where each"
              + " lane learns by itself in between. Default: gradients.")
  private Averaging.Sync sync = TrainingConfig.DEFAULT.averaging().sync();

  @Option(
      names = "--averaging-frequency",
      paramLabel = "K",
      description = "Steps between averages of parameters. Default: ${DEFAULT-VALUE}.")
  private int averagingFrequency = TrainingConfig.DEFAULT.averaging().frequency();

  /**
   * Images in a step.
   *
   * @throws IllegalArgumentException if it is given twice, or is no number of an int
   */
  int batchSize() {
    if (microBatchSize == null) {
      return batchSize == null ? TrainingConfig.DEFAULT.batchSize() : batchSize;
    }
    if (batchSize != null) {
      throw new IllegalArgumentException(
          "expected either --batch-size or --micro-batch-size, got both");
    }
    long images = (long) microBatchSize * lanes;
    if (images > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d lanes of %d images are more than there can be in a step",
              lanes,
              microBatchSize));
    }
    return (int) images;
  }

  Averaging averaging() {
    return new Averaging(sync, averagingFrequency);
  }
}
