package org.convoyml.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.benchmarks.Contest;
import org.convoyml.benchmarks.Contestant;
import org.convoyml.benchmarks.ConvoyContestant;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.ConvoyKryoRegistrator;
import org.convoyml.spark.train.LaneTrainer;
import org.convoyml.spark.train.TrainingConfig;
import org.convoyml.spark.train.TrainingJob;

/**
 * Convoy's whole training on Spark, in f32: a worker of one thread for each core, with a lane each,
 * which average their gradients in every step. What is timed are epochs, with the Spark job that
 * deals the images to workers, their decoding, and the checkpoint. Cores are a power of two, as lanes
 * are.
 */
public final class ConvoySparkContestant {
  /** Batches for each worker in an epoch, of large networks few, since they take seconds each. */
  private static final Map<String, Integer> BATCHES =
      Map.of("lenet", 400, "resnet20", 40, "resnet50", 5, "vgg16", 5);

  private ConvoySparkContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    int workers = contest.threads();
    int batches = workers * BATCHES.get(contest.network());
    File folder = Files.createTempDirectory("convoy").toFile();
    try (SparkSession session =
        SparkSession.builder()
            .config(LocalSpark.conf("convoy", workers, ConvoyKryoRegistrator.class))
            .getOrCreate()) {
      ConvoyContestant.loadEngine(1);
      Contestant contestant = new Contestant();
      TrainingJob job = job(session, contest, batches, folder);
      try (EpochByEpoch epochs = new EpochByEpoch(new LaneTrainer(session), job)) {
        contestant.serveSlow(epochs::next, epochs::next, batches);
      }
    } finally {
      FileUtils.deleteDirectory(folder);
    }
  }

  private static TrainingJob job(
      SparkSession session, Contest contest, int batches, File folder) {
    int workers = contest.threads();
    Map<String, String> settings =
        Map.of(
            "epochs", String.valueOf(Integer.MAX_VALUE),
            "workers", String.valueOf(workers),
            "lanes", String.valueOf(workers),
            "batch-size", String.valueOf(workers * contest.batch()),
            "learning-rate", "1e-9",
            "schedule", "constant",
            "engine", "onednn");
    NetworkSpec network = contest.spec();
    Preprocessing input = preprocessing(network.input());
    return new TrainingJob(
        network,
        input,
        NoiseImages.of(session, input, network.classes(), batches * contest.batch()),
        "noise",
        TrainingConfig.fromProperties(settings),
        new File(folder, "model").toString(),
        /* overwrite= */ false,
        /* resume= */ false);
  }

  /** Makes numbers from -2 to 2 of bytes. */
  private static Preprocessing preprocessing(Shape shape) {
    return new Preprocessing(
        shape.channels(),
        shape.height(),
        shape.width(),
        Collections.nCopies(shape.channels(), 0.5f),
        Collections.nCopies(shape.channels(), 0.25f));
  }
}
