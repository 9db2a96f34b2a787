package org.convoyml.spark.train;

import java.util.List;
import java.util.Optional;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.StratifiedSplit;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.spark.preflight.PreflightRequest;

/**
 * One training: what, on what, how, and where to.
 *
 * @param network what is trained
 * @param preprocessing what the network expects of an image
 * @param dataset the images; {@link Validation#split} says how many are kept from training
 * @param datasetName names them in messages and in the model's provenance
 * @param config how to train
 * @param output the model directory to write, on any Hadoop file system
 * @param overwrite whether it may replace what is there
 * @param resume whether to go on from the newest checkpoint, if there is one
 */
public record TrainingJob(
    NetworkSpec network,
    Preprocessing preprocessing,
    ImageDataset dataset,
    String datasetName,
    TrainingConfig config,
    String output,
    boolean overwrite,
    boolean resume) {
  /**
   * Checks that the network tells as many classes apart as the data set has, and can learn shares
   * of classes if the augmentation makes them.
   *
   * @throws ConvoyException if it does not
   */
  public void check() {
    int expected = network.classes();
    List<String> found = dataset.classes();
    if (found.size() != expected) {
      throw new ConvoyException(
          "%s: the network tells %d classes apart, the data set has %d: %s"
              .formatted(datasetName, expected, found.size(), String.join(", ", found)));
    }
    SoftLabels.check(network, config.augmentation());
  }

  /** What a cluster must be good for, to train this with an engine. */
  public PreflightRequest preflight(Engine engine, String... places) {
    return new PreflightRequest(
        Optional.of(network),
        engine.name(),
        config.precision(),
        config.updateRule(),
        config.averaging().sync() == Averaging.Sync.PARAMETERS,
        config.workers(),
        config.lanes(),
        config.batchSize(),
        List.of(places),
        PreflightRequest.DEADLINE);
  }

  /** The images to train with and those held out, if some are to be. Runs a Spark job then. */
  public Optional<StratifiedSplit> split() {
    double share = config.validation().split();
    return share == 0
        ? Optional.empty()
        : Optional.of(StratifiedSplit.of(dataset, share, config.seed(), datasetName));
  }
}
