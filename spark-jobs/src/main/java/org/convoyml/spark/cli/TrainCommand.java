package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.preflight.Preflight;
import org.convoyml.spark.train.Trainers;
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
  private LearningOptions how = new LearningOptions();

  @ArgGroup(exclusive = false, heading = "%nHow lanes work together:%n", order = 3)
  private LaneOptions lanes = new LaneOptions();

  @ArgGroup(exclusive = false, heading = "%nHow the model is evaluated:%n", order = 4)
  private ValidationOptions validation = new ValidationOptions();

  @ArgGroup(
      exclusive = false,
      heading = "%nWhere to train (the result does not depend on it):%n",
      order = 5)
  private Where where = new Where();

  @ArgGroup(
      exclusive = false,
      heading = "%nIf something fails (the result does not depend on it):%n",
      order = 6)
  private RecoveryOptions recovery = new RecoveryOptions();

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

  /**
   * What is known of the training before Spark starts.
   *
   * @throws ParameterException if options are wrong
   */
  TrainingConfig config() {
    checkNetwork();
    try {
      how.labelSmoothing();
      return new TrainingConfig(
          how.epochs,
          lanes.batchSize(),
          lanes.lanes,
          where.workers,
          how.learningRate(),
          how.optimizer(),
          how.weightDecay,
          how.clipNorm,
          how.averageDecay,
          how.precision,
          how.augment,
          limits.limits(),
          lanes.averaging(),
          validation.validation(),
          recovery.recovery(),
          how.seed,
          how.engine,
          where.timeout);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
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
            how.labelSmoothing(),
            config.limits().maxPixels());
    NetworkChoice.Chosen chosen = network.choose(dataset, what.data);
    TrainingSummary summary;
    try (TrainingDisplay display = new TrainingDisplay(System.err)) {
      summary =
          Trainers.named(how.trainer, session)
              .train(
                  new TrainingJob(
                      chosen.network(),
                      chosen.preprocessing(),
                      dataset,
                      what.data,
                      config,
                      what.output,
                      what.overwrite,
                      recovery.resume),
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
