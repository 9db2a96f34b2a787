package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.train.LearningRate;
import org.convoyml.nn.train.LearningRateSchedule;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.preflight.Preflight;
import org.convoyml.spark.train.LaneTrainer;
import org.convoyml.spark.train.TrainingConfig;
import org.convoyml.spark.train.TrainingJob;
import org.convoyml.spark.train.TrainingSummary;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a model. */
@Command(
    name = "train",
    description = "Trains a model on labelled images and writes it to a directory.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis =
        "Usage: convoy train --data=PATH (--model=NAME | --network=FILE) --output=DIR [OPTIONS]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy train --data samples/mnist/train-images-idx3-ubyte.gz --model lenet \\",
      "    --output models/mnist",
      "  convoy train --data photos/ --model lenet --augment \"rotate(10), translate(0.1)\" \\",
      "    --epochs 30 --output models/photos",
      "  convoy --master 'local[1]' train --data images.tar --network my-network.json \\",
      "    --output hdfs:///models/mine"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class TrainCommand implements Callable<Integer> {
  @ArgGroup(
      exclusive = false,
      multiplicity = "1",
      heading = "%nWhat to train, and on what:%n",
      order = 1)
  private What what;

  @ArgGroup(exclusive = false, heading = "%nHow to train:%n", order = 2)
  private How how = new How();

  @ArgGroup(
      exclusive = false,
      heading = "%nWhere to train (the result does not depend on it):%n",
      order = 3)
  private Where where = new Where();

  @Mixin private DataColumns columns;

  @Mixin private LimitOptions limits;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  /** Options about the task. */
  static final class What {
    @Option(
        names = "--data",
        required = true,
        paramLabel = "PATH",
        description = "Training images: " + DataColumns.KINDS)
    private String data;

    @Option(
        names = "--output",
        required = true,
        paramLabel = "DIR",
        description = "Where the model is written, whole or not at all.")
    private String output;

    @Option(names = "--overwrite", description = "Replace the model that is there.")
    private boolean overwrite;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        completionCandidates = ZooOptions.Names.class,
        description = "A network from the zoo: ${COMPLETION-CANDIDATES}.")
    private String model;

    @Option(
        names = "--network",
        paramLabel = "FILE",
        description = "A network of your own, as network.json in a model directory describes it.")
    private String network;
  }

  /** Options that the result depends on. */
  static final class How {
    @Option(
        names = "--augment",
        paramLabel = "POLICY",
        converter = Converters.OfPolicy.class,
        completionCandidates = PolicyList.Words.class,
        description =
            "How images are varied each time they are seen, in this order, for example"
                + " \"pad-crop(4), flip\". Default: none. There are ${COMPLETION-CANDIDATES};"
                + " convoy augment --list has their arguments, convoy augment --preview shows what"
                + " they do.")
    private AugmentationPolicy augment = TrainingConfig.DEFAULT.augmentation();

    @Option(
        names = "--epochs",
        paramLabel = "N",
        description = "How often every image is seen. Default: ${DEFAULT-VALUE}.")
    private int epochs = TrainingConfig.DEFAULT.epochs();

    @Option(
        names = "--batch-size",
        paramLabel = "N",
        description = "Images in a step, over all lanes. Default: ${DEFAULT-VALUE}.")
    private int batchSize = TrainingConfig.DEFAULT.batchSize();

    @Option(
        names = "--learning-rate",
        paramLabel = "RATE",
        description = "The highest learning rate. Default: ${DEFAULT-VALUE}.")
    private double learningRate = TrainingConfig.DEFAULT.learningRate().highest();

    @Option(
        names = "--schedule",
        paramLabel = "RULE",
        converter = Converters.OfSchedule.class,
        description =
            "How the learning rate changes: constant, cosine, one-cycle, \"step(30, 0.1)\","
                + " \"exponential(0.95)\", \"polynomial(2)\" or \"plateau(0.1, 10)\". Default:"
                + " ${DEFAULT-VALUE}.")
    private LearningRateSchedule schedule = TrainingConfig.DEFAULT.learningRate().schedule();

    @Option(
        names = "--warmup",
        paramLabel = "EPOCHS",
        description =
            "Epochs in which the learning rate first rises, whole or not. Default:"
                + " ${DEFAULT-VALUE}.")
    private double warmup = TrainingConfig.DEFAULT.learningRate().warmupEpochs();

    @Option(
        names = "--optimizer",
        paramLabel = "RULE",
        converter = Converters.OfOptimizer.class,
        description =
            "sgd, rmsprop, adam, adamw or lars, with values such as \"sgd(momentum=0.9,"
                + " nesterov)\". Default: sgd with momentum 0.9.")
    private Optimizer optimizer;

    @Option(
        names = "--momentum",
        paramLabel = "M",
        description = "The same as --optimizer \"sgd(momentum=M)\".")
    private Float momentum;

    @Option(
        names = "--weight-decay",
        paramLabel = "D",
        description = "Of weights, not of biases and batch norms. Default: ${DEFAULT-VALUE}.")
    private double weightDecay = TrainingConfig.DEFAULT.weightDecay();

    @Option(
        names = "--label-smoothing",
        paramLabel = "S",
        description = "Share of every target that goes to all classes alike. Default: none.")
    private Float labelSmoothing;

    @Option(
        names = "--clip-norm",
        paramLabel = "N",
        description = "Scale the gradient down to this norm. Default: leave it as it is.")
    private double clipNorm = TrainingConfig.DEFAULT.clipNorm();

    @Option(
        names = "--ema",
        paramLabel = "D",
        description =
            "Decay of a moving average of the weights, which the model then takes; 0.999, say."
                + " Default: none.")
    private double averageDecay = TrainingConfig.DEFAULT.averageDecay();

    @Option(
        names = "--precision",
        paramLabel = "P",
        description =
            "f32, or bf16: faster on processors that have it, with f32 sums and weights kept in"
                + " f32. Default: f32.")
    private Precision precision = TrainingConfig.DEFAULT.precision();

    @Option(
        names = "--mean",
        paramLabel = "M",
        split = ",",
        description =
            "Mean of each channel, of pixels scaled to [0, 1]. Default: MNIST's for grey images,"
                + " ImageNet's for colour.")
    private List<Float> mean;

    @Option(
        names = "--std",
        paramLabel = "D",
        split = ",",
        description = "Standard deviation of each channel, likewise.")
    private List<Float> deviation;

    @Option(
        names = "--validation-split",
        paramLabel = "F",
        description =
            "Share of each class that is not trained on, in [0, 1); the model is evaluated on it"
                + " afterwards, and validation.json written beside the weights. Default: none.")
    private double validationSplit = TrainingConfig.DEFAULT.validationSplit();

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Seed of all random choices. Default: ${DEFAULT-VALUE}.")
    private long seed = TrainingConfig.DEFAULT.seed();

    @Option(
        names = "--lanes",
        paramLabel = "M",
        description =
            "Streams of micro-batches whose gradients are averaged, a power of two. Default:"
                + " ${DEFAULT-VALUE}.")
    private int lanes = TrainingConfig.DEFAULT.lanes();

    @Option(
        names = "--engine",
        converter = EngineName.class,
        paramLabel = "NAME",
        description =
            "What computes the network: onednn, reference, or auto for the fastest that runs here."
                + " Default: ${DEFAULT-VALUE}.")
    private String engine = TrainingConfig.DEFAULT.engine();
  }

  /** Options that the result does not depend on. */
  static final class Where {
    @Option(
        names = "--workers",
        paramLabel = "N",
        description =
            "Tasks that train, each on spark.task.cpus threads; at most one a lane. Default: as"
                + " many as run at once.")
    private int workers = TrainingConfig.DEFAULT.workers();

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        description =
            "How long a worker waits for the others in a step. Default: ${DEFAULT-VALUE}.")
    private int timeout = TrainingConfig.DEFAULT.timeoutSeconds();
  }

  @Override
  public Integer call() {
    TrainingConfig config = config();
    checkNetwork();
    Normalisation normalisation = new Normalisation(spec.commandLine(), how.mean, how.deviation);
    Preflight.checkSettings(SparkRun.conf());
    return SparkRun.with(session -> train(session, config, normalisation));
  }

  private void checkNetwork() {
    // Not a group of picocli's: its message would list all options around them.
    if ((what.model == null) == (what.network == null)) {
      throw wrong(
          "expected either --model or --network, got " + (what.model == null ? "none" : "both"));
    }
    if (what.model != null && !Zoo.names().contains(what.model)) {
      throw wrong(
          "no model is named '%s', there are: %s"
              .formatted(what.model, String.join(", ", Zoo.names())));
    }
  }

  private TrainingConfig config() {
    if (how.labelSmoothing != null && !(how.labelSmoothing >= 0 && how.labelSmoothing < 1)) {
      throw wrong("--label-smoothing must be in [0, 1), got " + how.labelSmoothing);
    }
    try {
      return new TrainingConfig(
          how.epochs,
          how.batchSize,
          how.lanes,
          where.workers,
          new LearningRate(how.learningRate, how.warmup, how.schedule),
          optimizer(),
          how.weightDecay,
          how.clipNorm,
          how.averageDecay,
          how.precision,
          how.augment,
          limits.limits(),
          how.validationSplit,
          how.seed,
          how.engine,
          where.timeout);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private Optimizer optimizer() {
    if (how.momentum == null) {
      return how.optimizer == null ? TrainingConfig.DEFAULT.optimizer() : how.optimizer;
    }
    if (how.optimizer != null) {
      throw wrong("--momentum goes without --optimizer: give it as sgd(momentum=M)");
    }
    return new Sgd(how.momentum);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int train(SparkSession session, TrainingConfig config, Normalisation normalisation) {
    ImageDataset dataset = ImageSources.open(session, what.data, columns.options());
    NetworkChoice network =
        new NetworkChoice(
            session,
            what.model,
            what.network,
            normalisation,
            how.labelSmoothing,
            config.limits().maxPixels());
    NetworkChoice.Chosen chosen = network.choose(dataset, what.data);
    TrainingSummary summary;
    try (TrainingDisplay display = new TrainingDisplay(System.err)) {
      summary =
          new LaneTrainer(session)
              .train(
                  new TrainingJob(
                      chosen.network(),
                      chosen.preprocessing(),
                      dataset,
                      what.data,
                      config,
                      what.output,
                      what.overwrite),
                  display);
      display.done(summary, what.output);
    }
    summary.heldOut().ifPresent(images -> validate(session, config, images));
    return 0;
  }

  private void validate(SparkSession session, TrainingConfig config, ImageDataset heldOut) {
    String engine =
        config.engine().equals(TrainingConfig.BEST_ENGINE)
            ? Engines.best().name()
            : config.engine();
    Evaluation evaluation =
        new Evaluator(session, engine, Evaluator.BATCH_SIZE, config.limits().withoutShare())
            .evaluate(what.output, heldOut, what.data);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%,d images that were held out:%n", evaluation.confusion().total());
    EvaluationReport.print(out, evaluation);
    String report = what.output + "/validation.json";
    EvaluationReport.write(session, report, evaluation);
    if (!evaluation.quarantine().isEmpty()) {
      String list = EvaluationReport.quarantineBeside(report).toString();
      spec.commandLine()
          .getErr()
          .println("of those held out, " + QuarantineLine.of(evaluation.quarantine(), list));
    }
  }
}
