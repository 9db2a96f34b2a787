package org.convoyml.spark.cli;

import java.util.Optional;
import org.apache.spark.util.ShutdownHookManager;
import org.convoyml.nn.ConvoyException;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
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
    command.getErr().println("convoy: " + withoutPrefix(oneLine(exception.getMessage())));
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

  /** Spark's messages carry whole stack traces behind their first line. */
  private static String oneLine(String message) {
    return message == null
        ? "no message"
        : message.strip().lines().findFirst().orElse("no message");
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
