package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.preflight.Finding;
import org.convoyml.spark.preflight.Preflight;
import org.convoyml.spark.preflight.PreflightRequest;
import org.convoyml.spark.train.Averaging;
import org.convoyml.spark.train.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says whether a cluster is ready for a training. */
@Command(
    name = "doctor",
    description =
        "Checks whether a cluster is ready for a training: settings, task slots, native libraries,"
            + " connections, versions, memory and directories, on every executor. Leaves nothing"
            + " behind. train makes the same checks before it begins.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis =
        "Usage: convoy [SPARK OPTIONS] doctor [--model=NAME | --network=FILE] [--output=DIR]"
            + " [OPTIONS]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy doctor",
      "  convoy --master spark://host:7077 --executor-memory 8g doctor --model resnet50 \\",
      "    --batch-size 256 --lanes 16 --workers 16 --output hdfs:///models/photos"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:ready", "1:not ready", "2:the command line is wrong"})
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      converter = ZooOptions.NameConverter.class,
      completionCandidates = ZooOptions.Names.class,
      description = "The network that will be trained, from the zoo; memory is planned by it.")
  private Zoo.Entry model;

  @Option(
      names = "--network",
      paramLabel = "FILE",
      description = "The same for a network of your own.")
  private String network;

  @Option(
      names = "--input",
      paramLabel = "C,H,W",
      converter = ZooOptions.ShapeConverter.class,
      description = "With --model: channels, height and width of the images. Default: its own.")
  private Shape input;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "With --model: how many classes there are. Default: its own.")
  private Integer classes;

  @Option(names = "--output", paramLabel = "DIR", description = "Where the model will be written.")
  private String output;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "Where checkpoints will be written.")
  private String checkpoints;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Tasks that will train. Default: as many as run at once.")
  private int workers = TrainingConfig.DEFAULT.workers();

  @Option(
      names = "--lanes",
      paramLabel = "M",
      description = "Streams of micro-batches. Default: ${DEFAULT-VALUE}.")
  private int lanes = TrainingConfig.DEFAULT.lanes();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images in a step, over all lanes. Default: ${DEFAULT-VALUE}.")
  private int batchSize = TrainingConfig.DEFAULT.batchSize();

  @Option(
      names = "--optimizer",
      paramLabel = "RULE",
      converter = Converters.OfOptimizer.class,
      description = "Its state takes memory. Default: sgd with momentum.")
  private Optimizer optimizer = TrainingConfig.DEFAULT.optimizer();

  @Option(
      names = "--ema",
      paramLabel = "D",
      description =
          "Decay of a moving average of the weights, which takes memory too. Default: none.")
  private double averageDecay = TrainingConfig.DEFAULT.averageDecay();

  @Option(
      names = "--sync",
      paramLabel = "WHAT",
      description =
          "What lanes average, gradients or parameters, which take more memory. Default:"
              + " gradients.")
  private Averaging.Sync sync = TrainingConfig.DEFAULT.averaging().sync();

  @Option(names = "--precision", paramLabel = "P", description = "f32 or bf16. Default: f32.")
  private Precision precision = TrainingConfig.DEFAULT.precision();

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      converter = EngineName.class,
      description = "What computes. Default: ${DEFAULT-VALUE}, the fastest that runs.")
  private String engine = TrainingConfig.BEST_ENGINE;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description =
          "How long to wait for executors to come, and then for their answers. Default:"
              + " ${DEFAULT-VALUE}.")
  private int wait = (int) PreflightRequest.DEADLINE.toSeconds();

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    // Wrong values are a wrong command line, and known before Spark starts.
    request(Optional.empty());
    List<Finding> settings = Preflight.settings(SparkRun.conf());
    if (settings.stream().anyMatch(Finding::isFailure)) {
      // With some of them Spark would not even start.
      settings.forEach(this::print);
      return conclude(settings);
    }
    return SparkRun.withoutWaiting(
        session -> conclude(Preflight.run(session, request(network(session)), this::print)));
  }

  /**
   * What to look for.
   *
   * @param planned the network, which is read only when Spark has started
   * @throws ParameterException if options are wrong
   */
  PreflightRequest request(Optional<NetworkSpec> planned) {
    if (model != null && network != null) {
      throw new ParameterException(spec.commandLine(), "expected --model or --network, got both");
    }
    TrainingConfig config;
    try {
      config =
          TrainingConfig.fromProperties(
              Map.of(
                  "workers", String.valueOf(workers),
                  "lanes", String.valueOf(lanes),
                  "batch-size", String.valueOf(batchSize),
                  "timeout", String.valueOf(wait),
                  "optimizer", optimizer.toString(),
                  "ema", String.valueOf(averageDecay),
                  "precision", precision.name()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    List<String> places = new ArrayList<>();
    Stream.of(Optional.ofNullable(output), Optional.ofNullable(checkpoints))
        .flatMap(Optional::stream)
        .forEach(places::add);
    return new PreflightRequest(
        planned,
        engine.equals(TrainingConfig.BEST_ENGINE) ? Engines.best().name() : engine,
        precision,
        config.updateRule(),
        sync == Averaging.Sync.PARAMETERS,
        workers,
        lanes,
        batchSize,
        places,
        Duration.ofSeconds(wait));
  }

  private Optional<NetworkSpec> network(SparkSession session) {
    if (model != null) {
      return Optional.of(
          model.build(
              input == null ? model.input() : input, classes == null ? model.classes() : classes));
    }
    if (network == null) {
      return Optional.empty();
    }
    try (HadoopFiles files = HadoopFiles.of(session.sessionState().newHadoopConf(), network)) {
      return Optional.of(NetworkJson.read(files.readText(new Path(network)), network));
    }
  }

  private void print(Finding finding) {
    PrintWriter out = spec.commandLine().getOut();
    String outcome =
        switch (finding.outcome()) {
          case OK -> "ok";
          case WARNING -> "warning";
          case FAILED -> "FAILED";
          case SKIPPED -> "-";
        };
    out.printf(Locale.ROOT, "%-12s %-8s %s%n", finding.check(), outcome, finding.message());
    out.flush();
  }

  private int conclude(List<Finding> findings) {
    long failures = findings.stream().filter(Finding::isFailure).count();
    PrintWriter out = spec.commandLine().getOut();
    out.println(failures == 0 ? "ready to train" : "not ready to train: " + failures + " failed");
    out.flush();
    return failures == 0 ? 0 : 1;
  }
}
