package org.convoyml.dl4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.dl4j.Dl4jSpark;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Elu;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.Samples;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.data.Ledger;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.model.ModelDirectory;
import org.convoyml.spark.train.EpochReport;
import org.convoyml.spark.train.Progress;
import org.convoyml.spark.train.Trainers;
import org.convoyml.spark.train.TrainingJob;
import org.convoyml.spark.train.TrainingListener;
import org.convoyml.spark.train.TrainingSummary;
import org.convoyml.spark.train.Trainings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dl4j-spark} on a real Spark, started as any other trainer. */
@Timeout(120)
class Dl4jSparkTrainerTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "sync", "parameters",
          "averaging-frequency", "2",
          "optimizer", "sgd(momentum=0.9, nesterov)",
          "lanes", "2",
          "batch-size", "32",
          "schedule", "constant",
          "learning-rate", "0.02",
          "timeout", "600");

  @TempDir private Path folder;
  private int models;

  private TrainingJob job(Map<String, String> more, int images) {
    return job(more, Samples.mnist(folder.resolve("digits"), images));
  }

  private TrainingJob job(Map<String, String> more, Path images) {
    return job(Trainings.LENET, more, images);
  }

  private TrainingJob job(NetworkSpec network, Map<String, String> more, Path images) {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.putAll(more);
    ImageDataset digits = ImageSources.open(Dl4jSpark.session(), images.toString());
    Path output = folder.resolve("model-" + models++);
    return Trainings.job(network, digits, Trainings.config(settings), output, false);
  }

  private static TrainingSummary train(TrainingJob job, TrainingListener listener) {
    return Trainers.named("dl4j-spark", Dl4jSpark.session()).train(job, listener);
  }

  @Test
  void itTrainsAModelThatConvoyEvaluates() throws IOException {
    TrainingJob job =
        job(Map.of("epochs", "8", "augment", "translate(0.05)", "validation-split", "0.2"), 500);
    List<String> told = new ArrayList<>();
    TrainingSummary summary =
        train(
            job,
            new TrainingListener() {
              @Override
              public void progressed(Progress progress) {
                told.add("%d of %d".formatted(progress.epoch(), progress.epochs()));
                assertThat(progress.loss()).isPositive();
              }

              @Override
              public void epochEnded(EpochReport report) {
                assertThat(report.ledger().missing(report.images())).isZero();
                assertThat(report.ledger().trained()).isBetween(395L, 405L);
              }
            });
    assertThat(told).hasSize(8).startsWith("1 of 8").endsWith("8 of 8");
    assertThat(summary.images()).isBetween(8 * 395L, 8 * 405L);
    Evaluation evaluation =
        new Evaluator(Dl4jSpark.session(), "onednn", 64, ImageLimits.DEFAULT)
            .evaluate(job.output(), summary.heldOut().orElseThrow(), "held out");
    assertThat(evaluation.confusion().total()).isBetween(95L, 105L);
    assertThat(evaluation.confusion().accuracy()).isGreaterThan(0.8);
    assertThat(Files.readString(Path.of(job.output(), "provenance.json")))
        .contains("\"trainer\" : \"dl4j-spark\"")
        .contains("Deeplearning4j 1.0.0-M2");
  }

  /** What cannot be decoded is neither given to Deeplearning4j nor lost sight of. */
  @Test
  void corruptImagesAreLeftOutAndListed() throws IOException {
    Path digits = FaultyImages.digits(folder.resolve("digits"), 60);
    FaultyImages.write(digits.resolve("5/undecodable.png"), FaultyImages.undecodable());
    TrainingJob job = job(Map.of("max-corrupt", "0.2", "epochs", "2"), digits);
    List<Ledger> ledgers = new ArrayList<>();
    TrainingSummary summary =
        train(
            job,
            new TrainingListener() {
              @Override
              public void epochEnded(EpochReport report) {
                assertThat(report.images()).isEqualTo(61);
                ledgers.add(report.ledger());
              }
            });
    assertThat(ledgers).hasSize(2).allSatisfy(told -> assertThat(told.trained()).isEqualTo(60));
    assertThat(summary.images()).isEqualTo(2 * 60);
    assertThat(summary.quarantine().size()).isEqualTo(1);
    assertThat(Files.readAllLines(Path.of(job.output(), "quarantine.csv")))
        .hasSize(2)
        .last()
        .asString()
        .contains("5/undecodable.png", "cannot be decoded");
  }

  @Test
  void moreCorruptImagesThanAreAllowedEndTheTraining() {
    Path digits = FaultyImages.digits(folder.resolve("digits"), 60);
    FaultyImages.write(digits.resolve("5/undecodable.png"), FaultyImages.undecodable());
    TrainingJob job = job(Map.of("max-corrupt", "0.001"), digits);
    assertThatThrownBy(() -> train(job, Trainings.SILENT))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("digits: 1 of 61 images are corrupt");
    assertThat(Path.of(job.output())).doesNotExist();
  }

  /**
   * Though Convoy does not train them on its engine, where their gradients are wrong or missing.
   */
  @Test
  void whatDeeplearning4jTrainsInItsOwnWayIsTrained() {
    NetworkSpec network =
        NetworkSpec.builder("own ways", Shape.of(1, 28, 28))
            .add("conv", Conv2d.of(4, 5))
            .add("response", new LocalResponseNorm(3, 1e-4f, 0.75f, 1))
            .add("elu", new Elu(0.3f))
            .add("norm", BatchNorm.standard())
            .add("flatten", new Flatten())
            .add("dense", Dense.of(10))
            .classify("class")
            .build();
    Path digits = Samples.mnist(folder.resolve("digits"), 40);
    TrainingJob job = job(network, Map.of("epochs", "1"), digits);
    assertThat(train(job, Trainings.SILENT).images()).isEqualTo(40);
    TrainingJob frozen = job(network.withFrozen(name -> name.equals("norm")), Map.of(), digits);
    assertThatThrownBy(() -> train(frozen, Trainings.SILENT))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("fails on a frozen batch norm");
  }

  /** Neither by what it learns nor by what decays. */
  @Test
  void frozenLayersStayAsTheyAre() {
    NetworkSpec network =
        NetworkSpec.builder("half frozen", Shape.of(1, 28, 28))
            .add("conv", Conv2d.of(4, 5))
            .add("flatten", new Flatten())
            .add("drop", new Dropout(0.5f))
            .add("dense", Dense.of(10))
            .classify("class")
            .build()
            .withFrozen(name -> !name.equals("dense"));
    Path digits = Samples.mnist(folder.resolve("digits"), 64);
    TrainingJob job = job(network, Map.of("weight-decay", "0.01"), digits);
    assertThat(train(job, Trainings.SILENT).images()).isEqualTo(2 * 64);
    ParameterLayout layout = ParameterLayout.of(network);
    float[] first = ParameterInitializer.initialize(layout, job.config().seed());
    float[] last = ModelDirectory.readWeights(new Configuration(), job.output(), layout);
    ParameterSlice dense = layout.slice("dense.weight");
    assertThat(Arrays.copyOf(last, dense.offset())).isEqualTo(Arrays.copyOf(first, dense.offset()));
    assertThat(last[dense.offset()]).isNotEqualTo(first[dense.offset()]);
  }

  @Test
  void serializersThatItCannotDoWithoutAreAskedFor() {
    SparkConf conf = new SparkConf(false);
    Dl4jSparkTrainer.checkSerializer(conf);
    conf.set("spark.serializer", KryoSerializer.class.getName());
    assertThatThrownBy(() -> Dl4jSparkTrainer.checkSerializer(conf))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith("set spark.kryo.registrator to org.nd4j.kryo.Nd4jRegistrator");
    conf.set("spark.kryo.registrator", "mine");
    assertThatThrownBy(() -> Dl4jSparkTrainer.checkSerializer(conf))
        .hasMessageEndingWith("spark.kryo.registrator to mine,org.nd4j.kryo.Nd4jRegistrator");
    conf.set("spark.kryo.registrator", "mine, org.nd4j.kryo.Nd4jRegistrator");
    Dl4jSparkTrainer.checkSerializer(conf);
    conf.set("spark.kryo.registrationRequired", "true");
    assertThatThrownBy(() -> Dl4jSparkTrainer.checkSerializer(conf))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith("set spark.kryo.registrationRequired to false");
  }

  /** A rate of nearly nothing in the second epoch leaves what the first has learnt. */
  @Test
  void theLearningRateFollowsTheScheduleFromEpochToEpoch() {
    Path digits = Samples.mnist(folder.resolve("digits"), 64);
    float[] once = trained(digits, Map.of("epochs", "1"));
    assertThat(trained(digits, Map.of("epochs", "2", "schedule", "step(1, 1e-9)")))
        .containsExactly(once, within(1e-5f));
    assertThat(trained(digits, Map.of("epochs", "2"))).isNotEqualTo(once);
  }

  private float[] trained(Path digits, Map<String, String> settings) {
    // With momentum, what the first epoch has learnt would go on.
    Map<String, String> all = new HashMap<>(settings);
    all.put("optimizer", "rmsprop");
    TrainingJob job = job(all, digits);
    train(job, Trainings.SILENT);
    return ModelDirectory.readWeights(
        new Configuration(), job.output(), ParameterLayout.of(Trainings.LENET));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sync | gradients | averaging-frequency | 1 | averages parameters: say --sync parameters",
        "precision | bf16 | seed | 1 | computes in f32: leave out --precision",
        "clip-norm | 1 | seed | 1 | clips by layer: leave out --clip-norm",
        "ema | 0.9 | seed | 1 | has no moving average of weights: leave out --ema",
        "validation-split | 0.1 | evaluate-every | 1 | is not evaluated while it trains",
        "optimizer | sgd(momentum=0.9) | seed | 1 | take sgd with nesterov, adam, or rmsprop",
        "schedule | plateau(0.1, 2) | seed | 1 | does not watch for a plateau",
        "warmup | 1 | seed | 1 | changes the rate between epochs only",
        "timeout | 60 | seed | 1 | waits as long as Spark does: leave out --timeout",
        "workers | 2 | seed | 1 | takes all task slots: leave out --workers",
        "engine | onednn | seed | 1 | computes with Deeplearning4j: leave out --engine",
        "checkpoint-every | 2 | seed | 1 | keeps no checkpoints",
      })
  void whatItCannotDoIsRefused(
      String name, String value, String other, String otherValue, String message) {
    TrainingJob job = job(Map.of(name, value, other, otherValue), 20);
    assertThatThrownBy(() -> train(job, Trainings.SILENT))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining(message);
    assertThat(Path.of(job.output())).doesNotExist();
  }

  @Test
  void itIsStoppedLikeAnyOther() throws Exception {
    TrainingJob job = job(Map.of("epochs", "1000"), 200);
    CountDownLatch training = new CountDownLatch(1);
    ExecutorService driver = Executors.newSingleThreadExecutor();
    Future<TrainingSummary> running =
        driver.submit(
            () ->
                train(
                    job,
                    new TrainingListener() {
                      @Override
                      public void epochEnded(EpochReport report) {
                        training.countDown();
                      }
                    }));
    assertThat(training.await(60, TimeUnit.SECONDS)).isTrue();
    driver.shutdownNow();
    assertThat(driver.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(running::get).hasMessageContaining("interrupted while training");
    assertThat(Path.of(job.output())).doesNotExist();
    assertThat(Dl4jSpark.session().sparkContext().isStopped()).isFalse();
  }
}
