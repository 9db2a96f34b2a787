package org.convoyml.spark.cli;

import picocli.CommandLine.Option;

/** What every command takes; a {@link picocli.CommandLine.Mixin}. */
final class CommonOptions {
  static final String VERBOSE = "--verbose";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 1000,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = VERBOSE,
      order = 1001,
      description = "Log what Convoy does, Spark's warnings, and stack traces of errors.")
  private boolean verbose;

  boolean verbose() {
    return verbose;
  }
}
