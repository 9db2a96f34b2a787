package org.convoyml.dl4j.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.CollectionAccumulator;
import org.convoyml.aug.source.DriverDirectory;
import org.convoyml.aug.source.StratifiedSplit;
import org.convoyml.dl4j.engine.Dl4jEngine;
import org.convoyml.dl4j.graph.GraphTranslator;
import org.convoyml.dl4j.graph.NativeArrays;
import org.convoyml.dl4j.graph.Purpose;
import org.convoyml.dl4j.graph.TranslatedGraph;
import org.convoyml.dl4j.graph.Updaters;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.convoyml.nn.train.LearningRateSchedule;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.spark.Versions;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.LanePartitioner;
import org.convoyml.spark.data.LanePlan;
import org.convoyml.spark.data.Ledger;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.data.TensorTransformation;
import org.convoyml.spark.data.Variation;
import org.convoyml.spark.driver.Jobs;
import org.convoyml.spark.driver.Supervised;
import org.convoyml.spark.model.AtomicDirectory;
import org.convoyml.spark.model.ModelDirectory;
import org.convoyml.spark.model.Provenance;
import org.convoyml.spark.preflight.Preflight;
import org.convoyml.spark.preflight.Slots;
import org.convoyml.spark.train.Averaging.Sync;
import org.convoyml.spark.train.EpochReport;
import org.convoyml.spark.train.ModelSelection;
import org.convoyml.spark.train.Progress;
import org.convoyml.spark.train.Recovery;
import org.convoyml.spark.train.Trainer;
import org.convoyml.spark.train.TrainingConfig;
import org.convoyml.spark.train.TrainingJob;
import org.convoyml.spark.train.TrainingListener;
import org.convoyml.spark.train.TrainingPlan;
import org.convoyml.spark.train.TrainingSummary;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The training that {@code dl4j-spark} knows: {@code SparkComputationGraph} with a {@code
 * ParameterAveragingTrainingMaster}. Images, their order, augmentation and the first parameters are
 * those of Convoy; each of its lanes is one of Deeplearning4j's workers. What comes out depends on
 * how Spark cuts the data, and nothing survives the driver.
 *
 * <p>The learning rate changes from epoch to epoch, not from step to step.
 */
public final class Dl4jSparkTrainer implements Trainer {
  public static final String NAME = "dl4j-spark";

  /** Keeps the epochs' permutations apart from other draws with the same seed. */
  private static final long ORDER = 0x6F72646572L;

  private static final String ND4J_REGISTRATOR = "org.nd4j.kryo.Nd4jRegistrator";

  private final SparkSession session;
  private final SparkContext spark;

  public Dl4jSparkTrainer(SparkSession session) {
    this.session = session;
    this.spark = session.sparkContext();
  }

  @Override
  public TrainingSummary train(TrainingJob job, TrainingListener listener) {
    return Supervised.run(spark, "training", () -> supervised(job, listener));
  }

  private TrainingSummary supervised(TrainingJob job, TrainingListener listener) {
    job.check();
    checkSettings(job);
    checkSerializer(spark.getConf());
    Engine engine = Engines.named(Dl4jEngine.NAME);
    TranslatedGraph translated =
        new GraphTranslator(job.network(), Purpose.DL4J)
            .withUpdater(updater(job.config()))
            .withWeightDecay(job.config().weightDecay())
            .translate();
    Configuration hadoop = DriverDirectory.configuration(session);
    // A place that cannot be written is better known before the work begins.
    AtomicDirectory.create(hadoop, job.output(), job.overwrite()).close();
    // The memory that is planned is Convoy's.
    Preflight.check(session, job.preflight(engine, job.output()).withoutMemory());
    Optional<StratifiedSplit> split = job.split();
    try (NumberedImages images =
        NumberedImages.of(
            split.map(StratifiedSplit::training).orElse(job.dataset()),
            job.datasetName(),
            job.config().limits())) {
      LanePlan plan = new LanePlan(images.size(), job.config().lanes(), job.config().batchSize());
      listener.planned(plan(job, plan));
      long start = System.nanoTime();
      Run run = new Run(job, listener, images, plan, translated);
      ComputationGraph trained = run.train();
      Duration duration = Duration.ofNanos(System.nanoTime() - start);
      write(job, hadoop, engine, images, run.quarantine, translated, trained);
      NativeArrays.release(trained.params());
      images.finished();
      return new TrainingSummary(
          Totals.NONE,
          (images.size() - run.quarantine.size()) * job.config().epochs(),
          duration,
          run.quarantine,
          split.map(StratifiedSplit::validation),
          ModelSelection.START,
          job.config().epochs(),
          false);
    }
  }

  /** What Deeplearning4j cannot do is refused, rather than left out. */
  private static void checkSettings(TrainingJob job) {
    TrainingConfig config = job.config();
    refuse(
        config.averaging().sync() == Sync.GRADIENTS, "averages parameters: say --sync parameters");
    refuse(job.resume(), "keeps no checkpoints: leave out --resume");
    refuse(config.precision() != Precision.F32, "computes in f32: leave out --precision");
    refuse(config.clipNorm() != 0, "clips by layer: leave out --clip-norm");
    refuse(config.averageDecay() != 0, "has no moving average of weights: leave out --ema");
    refuse(
        config.validation().every() != 0,
        "is not evaluated while it trains: leave out --evaluate-every and --patience");
    refuse(
        config.learningRate().schedule() instanceof LearningRateSchedule.Plateau,
        "does not watch for a plateau: take another --schedule");
    double warmup = config.learningRate().warmupEpochs();
    refuse(
        warmup > 0 && warmup <= 1,
        "changes the rate between epochs only: take a --warmup of more than 1");
    refuse(
        config.timeoutSeconds() != TrainingConfig.DEFAULT.timeoutSeconds(),
        "waits as long as Spark does: leave out --timeout");
    refuse(config.workers() != 0, "takes all task slots: leave out --workers");
    refuse(
        !List.of(TrainingConfig.BEST_ENGINE, Dl4jEngine.NAME).contains(config.engine()),
        "computes with Deeplearning4j: leave out --engine");
    refuse(
        !config.recovery().equals(Recovery.DEFAULT),
        "keeps no checkpoints: leave out the options for what fails");
    refuse(job.network().outputs().size() != 1, "trains networks with one output");
    refuse(!job.network().input().isSpatial(), "is given images");
    NetworkSpec network = job.network();
    refuse(
        network.layers().stream()
            .anyMatch(
                node ->
                    node.layer() instanceof BatchNorm && network.frozen().contains(node.name())),
        "fails on a frozen batch norm: leave it unfrozen");
  }

  /** With others, tasks would fail on Deeplearning4j's objects. */
  static void checkSerializer(SparkConf conf) {
    if (!conf.get("spark.serializer", "").endsWith("KryoSerializer")) {
      return;
    }
    refuse(
        conf.getBoolean("spark.kryo.registrationRequired", false),
        "has classes that nobody registers: set spark.kryo.registrationRequired to false");
    List<String> registrators =
        Stream.of(conf.get("spark.kryo.registrator", "").split(","))
            .map(String::trim)
            .filter(name -> !name.isEmpty())
            .toList();
    refuse(
        !registrators.contains(ND4J_REGISTRATOR),
        "needs its arrays' serializers: set spark.kryo.registrator to "
            + Stream.concat(registrators.stream(), Stream.of(ND4J_REGISTRATOR))
                .collect(Collectors.joining(",")));
  }

  private static void refuse(boolean asked, String why) {
    if (asked) {
      throw new ConvoyException("the trainer %s %s".formatted(NAME, why));
    }
  }

  private static IUpdater updater(TrainingConfig config) {
    return Updaters.of(config.optimizer(), rate(config, 0))
        .orElseThrow(
            () ->
                new ConvoyException(
                    "the trainer %s has no optimizer %s: take sgd with nesterov, adam, or rmsprop without momentum"
                        .formatted(NAME, config.optimizer())));
  }

  /** The learning rate at the beginning of an epoch, from 0. */
  private static double rate(TrainingConfig config, int epoch) {
    return config.learningRate().at(epoch, 1, config.epochs());
  }

  private TrainingPlan plan(TrainingJob job, LanePlan plan) {
    return new TrainingPlan(
        job.network().name(),
        ParameterLayout.of(job.network()),
        job.network().classes(),
        plan,
        job.config(),
        Slots.workers(spark, job.config().workers(), plan.lanes()),
        spark.getConf().getInt("spark.task.cpus", 1),
        NAME,
        0,
        "",
        0,
        0);
  }

  private void write(
      TrainingJob job,
      Configuration hadoop,
      Engine engine,
      NumberedImages images,
      Quarantine quarantine,
      TranslatedGraph translated,
      ComputationGraph trained) {
    ParameterLayout layout = ParameterLayout.of(job.network());
    float[] vector = new float[layout.size()];
    translated.store(trained, vector);
    SortedMap<String, String> settings = job.config().toResultProperties();
    settings.put("trainer", NAME);
    try (AtomicDirectory output = AtomicDirectory.create(hadoop, job.output(), job.overwrite())) {
      ModelDirectory.writeWeights(output.files(), output.path(), layout, vector);
      ModelDirectory.writeDescription(
          output.files(),
          output.path(),
          new ModelDirectory.Description(
              job.network(), job.preprocessing(), job.dataset().classes()),
          new Provenance(
              settings,
              job.datasetName(),
              images.size(),
              Long.toHexString(images.fingerprint()),
              quarantine.size(),
              spark.getConf().getInt("spark.task.cpus", 1),
              Provenance.versions(Versions.convoy(), spark.version(), engine)));
      if (!quarantine.isEmpty()) {
        output.files().writeText(new Path(output.path(), Quarantine.FILE), quarantine.toCsv());
      }
      output.commit();
    }
  }

  /** One training from the moment when all is known. */
  private final class Run {
    private final TrainingJob job;
    private final TrainingConfig config;
    private final TrainingListener listener;
    private final NumberedImages images;
    private final LanePlan plan;
    private final TranslatedGraph translated;
    private final Quarantine quarantine = new Quarantine();

    private Run(
        TrainingJob job,
        TrainingListener listener,
        NumberedImages images,
        LanePlan plan,
        TranslatedGraph translated) {
      this.job = job;
      this.config = job.config();
      this.listener = listener;
      this.images = images;
      this.plan = plan;
      this.translated = translated;
    }

    private ComputationGraph train() {
      ComputationGraph first = translated.instantiate();
      translated.load(
          ParameterInitializer.initialize(ParameterLayout.of(job.network()), config.seed()), first);
      SparkComputationGraph graph = new SparkComputationGraph(spark, first, master());
      for (int epoch = 0; epoch < config.epochs(); epoch++) {
        graph.getNetwork().setLearningRate(rate(config, epoch));
        long start = System.nanoTime();
        Ledger ledger = Jobs.run(epochJob(graph, epoch));
        double seconds = (System.nanoTime() - start) / 1e9;
        listener.progressed(
            new Progress(
                epoch + 1,
                config.epochs(),
                plan.steps(),
                plan.steps(),
                graph.getScore(),
                Double.NaN,
                ledger.trained() / seconds));
        listener.epochEnded(new EpochReport(epoch + 1, images.size(), ledger, Optional.empty()));
        Supervised.check();
      }
      return graph.getNetwork();
    }

    private ParameterAveragingTrainingMaster master() {
      return new ParameterAveragingTrainingMaster.Builder(plan.lanes(), plan.batches().largest())
          .batchSizePerWorker(plan.batches().largest())
          .averagingFrequency(config.averaging().frequency())
          .workerPrefetchNumBatches(2)
          .saveUpdater(true)
          .rngSeed(config.seed())
          // Without detours over files; each epoch's images are kept here.
          .rddTrainingApproach(RDDTrainingApproach.Direct)
          .storageLevel(null)
          .build();
    }

    /** Trains one epoch; returns what became of the images that Deeplearning4j was given. */
    private Supplier<Ledger> epochJob(SparkComputationGraph graph, int epoch) {
      return () -> {
        CollectionAccumulator<PartitionLedger> ledgers = new CollectionAccumulator<>();
        spark.register(ledgers, "ledgers");
        JavaRDD<DataSet> sets =
            images
                .deal(
                    plan.batches(),
                    new long[] {ORDER, config.seed(), epoch},
                    new LanePartitioner(plan, plan.lanes()))
                .mapPartitions(
                    new TensorTransformation(
                        job.preprocessing(),
                        new Variation(
                            config.augmentation(),
                            config.seed(),
                            epoch,
                            plan.lanes(),
                            job.network().classes()),
                        plan.batches().largest(),
                        config.limits().maxPixels()))
                .mapPartitions(
                    new DataSetTransformation(
                        job.preprocessing(), job.network().classes(), labelSmoothing(), ledgers))
                .persist(StorageLevel.MEMORY_AND_DISK_SER());
        try {
          long given = sets.map(set -> (long) set.numExamples()).fold(0L, Long::sum);
          Ledger ledger = checked(given, ledgers.value());
          graph.fit(sets);
          return ledger;
        } finally {
          sets.unpersist(false);
        }
      };
    }

    /** Every image came once, and is given to Deeplearning4j or left out. */
    private Ledger checked(long given, List<PartitionLedger> told) {
      Ledger ledger = PartitionLedger.sum(told, quarantine);
      quarantine.reasons().check(config.limits(), images.size(), job.datasetName());
      if (given != ledger.trained() || !ledger.balances(images.size(), images.fingerprint())) {
        throw new ConvoyException(
            "%s: expected %d images once each in an epoch, found %d given to Deeplearning4j and %s"
                .formatted(job.datasetName(), images.size(), given, ledger));
      }
      return ledger;
    }

    private float labelSmoothing() {
      return job.network().primaryOutput().loss() instanceof SoftmaxCrossEntropy softmax
          ? softmax.labelSmoothing()
          : 0;
    }
  }
}
