package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.LeNet;

/** Small trainings on MNIST. */
public final class Trainings {
  public static final NetworkSpec LENET = LeNet.network(Shape.of(1, 28, 28), 10);

  /** Says nothing. */
  public static final TrainingListener SILENT = new TrainingListener() {};

  private Trainings() {}

  /** The defaults but for small batches, two epochs and a short timeout, and for these settings. */
  public static TrainingConfig config(Map<String, String> settings) {
    SortedMap<String, String> properties = TrainingConfig.DEFAULT.toProperties();
    properties.put("epochs", "2");
    properties.put("batch-size", "32");
    properties.put("timeout", "30");
    properties.putAll(settings);
    return TrainingConfig.fromProperties(properties);
  }

  /** Tasks that were cancelled look for that once a step; then none of their threads is left. */
  static void awaitNoThreads() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!threads().isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertThat(threads()).isEmpty();
  }

  /** Threads of ours, and of Spark's those that are at our work. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(
            thread ->
                thread.getKey().getName().startsWith("convoy-")
                    || thread.getKey().getName().startsWith("prefetch of")
                    || Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(Worker.class.getName())))
        .map(thread -> thread.getKey().getName())
        .toList();
  }

  public static TrainingSummary train(
      SparkSession session, NetworkSpec network, Path images, TrainingConfig config, Path output) {
    return train(session, network, ImageSources.open(session, images.toString()), config, output);
  }

  public static TrainingSummary train(
      SparkSession session,
      NetworkSpec network,
      ImageDataset dataset,
      TrainingConfig config,
      Path output) {
    return new LaneTrainer(session).train(job(network, dataset, config, output, false), SILENT);
  }

  /** A training of digits that replaces nothing. */
  public static TrainingJob job(
      NetworkSpec network,
      ImageDataset dataset,
      TrainingConfig config,
      Path output,
      boolean resume) {
    return new TrainingJob(
        network,
        Preprocessing.mnist(28, 28),
        dataset,
        "digits",
        config,
        output.toString(),
        false,
        resume);
  }
}
