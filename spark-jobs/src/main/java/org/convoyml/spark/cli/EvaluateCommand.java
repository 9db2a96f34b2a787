package org.convoyml.spark.cli;

import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.engine.Engines;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.train.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Evaluates a model. */
@Command(
    name = "evaluate",
    description =
        "Runs a model on labelled images and prints accuracy, precision, recall, F1 and specificity"
            + " of each class, and the confusion matrix.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = "Usage: convoy evaluate --model=DIR --data=PATH [OPTIONS]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy evaluate --model models/mnist --data samples/mnist/t10k-images-idx3-ubyte.gz",
      "  convoy evaluate --model hdfs:///models/mine --data test.tar --json report.json"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model directory, as train writes it.")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description = "Labelled images: " + DataColumns.KINDS)
  private String data;

  @Mixin private DataColumns columns;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write the same figures there as JSON, and beside it a list of the images that were left"
              + " out, if there are any.")
  private String json;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images that are computed together. Default: ${DEFAULT-VALUE}.")
  private int batchSize = Evaluator.BATCH_SIZE;

  @Option(
      names = "--engine",
      converter = EngineName.class,
      paramLabel = "NAME",
      description =
          "What computes the network: onednn, reference, dl4j, or auto for the fastest that runs"
              + " here. Default: ${DEFAULT-VALUE}.")
  private String engine = TrainingConfig.BEST_ENGINE;

  @Mixin private LimitOptions limits;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (batchSize <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--batch-size must be positive, got " + batchSize);
    }
    ImageLimits checkedLimits = limits.limits();
    String engineName = engine.equals(TrainingConfig.BEST_ENGINE) ? Engines.best().name() : engine;
    return SparkRun.with(session -> evaluate(session, engineName, checkedLimits));
  }

  private int evaluate(SparkSession session, String engineName, ImageLimits imageLimits) {
    Evaluation evaluation =
        new Evaluator(session, engineName, batchSize, imageLimits)
            .evaluate(model, ImageSources.open(session, data, columns.options()), data);
    if (evaluation.classesByOrder()) {
      spec.commandLine()
          .getErr()
          .printf(
              "the model has no names of classes: took the %d of %s in their order%n",
              evaluation.classes().size(), data);
    }
    EvaluationReport.print(spec.commandLine().getOut(), evaluation);
    if (json != null) {
      EvaluationReport.write(session, json, evaluation);
    }
    if (!evaluation.quarantine().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              QuarantineLine.of(
                  evaluation.quarantine(),
                  json == null ? null : EvaluationReport.quarantineBeside(json).toString()));
    }
    return 0;
  }
}
