package org.convoyml.spark.cli;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.util.ShutdownHookManager;
import org.convoyml.nn.ConvoyException;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns an exception into one line on standard error and an exit code; the stack trace follows only
 * with {@code --verbose}.
 */
final class ErrorReporter implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** A command line that cannot be understood. */
  @Override
  public int handleParseException(ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    String message =
        repeated(exception, args)
            .map("option '%s' should be specified only once"::formatted)
            .orElseGet(() -> withoutPrefix(oneLine(exception.getMessage())));
    command.getErr().println("convoy: " + message);
    command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  /** A run that failed. */
  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parseResult) {
    if (ShutdownHookManager.inShutdown()) {
      // Somebody stopped us, Spark first: what failed for want of Spark is no news.
      return ExitCode.SOFTWARE;
    }
    Throwable thrown = exception instanceof ExecutionException ? exception.getCause() : exception;
    boolean verbose = verbose(parseResult);
    command.getErr().println("convoy: " + describe(thrown, verbose));
    if (verbose) {
      thrown.printStackTrace(command.getErr());
    }
    return ExitCode.SOFTWARE;
  }

  private static String describe(Throwable thrown, boolean verbose) {
    return expected(thrown)
        .orElseGet(
            () ->
                "internal error: %s: %s%s"
                    .formatted(
                        thrown.getClass().getSimpleName(),
                        oneLine(thrown.getMessage()),
                        verbose ? "" : " (run again with --verbose for the stack trace)"));
  }

  /**
   * The option that was given more than once, where that is what is wrong. Picocli's own message
   * names only the groups that the option is in, with all their options.
   */
  private static Optional<String> repeated(ParameterException exception, String[] args) {
    if (!(exception instanceof MaxValuesExceededException)) {
      return Optional.empty();
    }
    Set<String> options = exception.getCommandLine().getCommandSpec().optionsMap().keySet();
    Set<String> seen = new HashSet<>();
    return Stream.of(args)
        .map(argument -> argument.replaceFirst("=.*", ""))
        .filter(name -> options.contains(name) && !seen.add(name))
        .findFirst();
  }

  /** Picocli begins some of its messages like this, behind our own beginning. */
  private static String withoutPrefix(String message) {
    return message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
  }

  /** Spark wraps what an executor threw, more than once at times. */
  private static Optional<String> expected(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConvoyException) {
        return Optional.of(oneLine(cause.getMessage()));
      }
    }
    return Optional.empty();
  }

  /**
   * Spark's messages carry whole stack traces behind their first line. Names of files in them may
   * have characters that do something to a terminal.
   */
  private static String oneLine(String message) {
    return message == null
        ? "no message"
        : message.strip().lines().findFirst().orElse("no message").replaceAll("\\p{Cntrl}", "?");
  }

  private static boolean verbose(ParseResult root) {
    for (ParseResult result = root; result != null; result = result.subcommand()) {
      if (result.hasMatchedOption(CommonOptions.VERBOSE)) {
        return true;
      }
    }
    return false;
  }
}
