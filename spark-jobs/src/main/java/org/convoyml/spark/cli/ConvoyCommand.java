package org.convoyml.spark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The root command, and the main class of the application jar. */
@Command(
    name = "convoy",
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      AugmentCommand.class,
      ImportDatasetCommand.class,
      DoctorCommand.class,
      ModelsCommand.class,
      ConvertCommand.class
    },
    versionProvider = VersionProvider.class,
    description = "Trains convolutional image classifiers on Apache Spark.",
    synopsisHeading = "",
    customSynopsis = {
      "Usage: convoy [SPARK OPTIONS] COMMAND [OPTIONS]",
      "       convoy COMMAND --help",
      ""
    },
    descriptionHeading = "",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nSpark options, before the command:%n",
    footer = {
      "  They go to spark-submit as they are: --master URL, --conf KEY=VALUE, --driver-memory 4g,"
          + " ...",
      "  Without any, Convoy runs on all cores of this machine.",
      "",
      "Examples:",
      "  convoy train --data samples/mnist/train-images-idx3-ubyte.gz --model lenet --output"
          + " models/mnist",
      "  convoy evaluate --model models/mnist --data samples/mnist/t10k-images-idx3-ubyte.gz",
      "  convoy --master spark://host:7077 --executor-memory 8g train --data hdfs:///images ..."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
public final class ConvoyCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show Convoy's version and exit.")
  boolean version;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    // SparkSubmit passes on no return value: the exit code is the only way to say how it went.
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return configure(new CommandLine(new ConvoyCommand()));
  }

  /** What holds for all commands, however many are added to the root. */
  static CommandLine configure(CommandLine root) {
    ErrorReporter reporter = new ErrorReporter();
    root.setHelpSectionKeys(exitCodesLast(root.getHelpSectionKeys()));
    return root.setParameterExceptionHandler(reporter)
        .setExecutionExceptionHandler(reporter)
        .setExecutionStrategy(ConvoyCommand::run)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100);
  }

  /**
   * Picocli hands only exceptions to the reporter, but a native library that will not load is an
   * error.
   */
  private static int run(ParseResult parseResult) {
    try {
      return new RunLast().execute(parseResult);
    } catch (Error e) {
      throw new ExecutionException(parseResult.commandSpec().commandLine(), e.toString(), e);
    }
  }

  /** After the examples, where nobody has to read past them. */
  private static List<String> exitCodesLast(List<String> sections) {
    List<String> exitCodes =
        List.of(
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);
    List<String> ordered = new ArrayList<>(sections);
    ordered.removeAll(exitCodes);
    ordered.addAll(exitCodes);
    return ordered;
  }

  /** Without a command there is nothing to do but to say what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }
}
