package org.convoyml.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.LeNet;
import org.convoyml.spark.driver.Supervised;
import org.convoyml.spark.train.EpochReport;
import org.convoyml.spark.train.LaneTrainer;
import org.convoyml.spark.train.TrainingConfig;
import org.convoyml.spark.train.TrainingJob;
import org.convoyml.spark.train.TrainingListener;

/**
 * What a notebook does: one session, and in it a training, one that is interrupted, and the first
 * once more. On a cluster it then runs small jobs until one fails. At last it ends: no thread may
 * be left that keeps it from that. Says on standard output what it found.
 */
public final class SessionDriver {
  /** When the first training is done. */
  static final String TRAINED = "trained for the first time";

  /** When the second has ended, which was interrupted. */
  static final String ENDED = "it has ended";

  /** When both whole trainings gave the same. */
  static final String SAME = "both models are the same";

  private static final int SOON_SECONDS = 30;

  private final SparkSession session;
  private final String data;
  private final Path folder;

  private SessionDriver(SparkSession session, String data, Path folder) {
    this.session = session;
    this.data = data;
    this.folder = folder;
  }

  /**
   * With the settings of system properties.
   *
   * @param arguments the images, and a folder for models
   */
  public static void main(String[] arguments) throws Exception {
    try (SparkSession session = SparkSession.builder().getOrCreate()) {
      SessionDriver driver = new SessionDriver(session, arguments[0], Path.of(arguments[1]));
      byte[] first = driver.train("first", 2, () -> {});
      System.out.println(TRAINED);
      driver.interrupt();
      byte[] second = driver.train("second", 2, () -> {});
      System.out.println(Arrays.equals(first, second) ? SAME : "the models differ");
      if (!session.sparkContext().isLocal()) {
        driver.workUntilAJobFails();
      }
    }
  }

  private void interrupt() throws InterruptedException {
    CountDownLatch training = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                train("interrupted", 1000, training::countDown);
                System.out.println("the interruption was lost");
              } catch (ConvoyException e) {
                System.out.println(e.getMessage());
              } catch (IOException e) {
                System.out.println("unexpected: " + e);
              }
            });
    thread.start();
    training.await();
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(SOON_SECONDS));
    System.out.println(thread.isAlive() ? "it goes on" : ENDED);
  }

  private byte[] train(String name, int epochs, Runnable progressed) throws IOException {
    SortedMap<String, String> settings = TrainingConfig.DEFAULT.toProperties();
    settings.put("epochs", String.valueOf(epochs));
    settings.put("batch-size", "32");
    settings.put("workers", "2");
    Path output = folder.resolve(name);
    TrainingJob job =
        new TrainingJob(
            LeNet.network(Shape.of(1, 28, 28), 10),
            Preprocessing.mnist(28, 28),
            ImageSources.open(session, data),
            "digits",
            TrainingConfig.fromProperties(settings),
            output.toString(),
            false,
            false);
    new LaneTrainer(session).train(job, new Listening(progressed));
    return Files.readAllBytes(output.resolve("weights.safetensors"));
  }

  private void workUntilAJobFails() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    try {
      while (true) {
        Supervised.run(spark.sc(), "counting", () -> spark.parallelize(List.of(1, 2), 2).count());
      }
    } catch (ConvoyException e) {
      System.out.println(e.getMessage());
    }
  }

  private record Listening(Runnable whenEpochEnded) implements TrainingListener {

    @Override
    public void epochEnded(EpochReport report) {
      whenEpochEnded.run();
    }

    @Override
    public void warned(String what) {
      System.out.println("warning: " + what);
    }
  }
}
