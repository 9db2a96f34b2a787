package org.convoyml.spark.cluster;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.convoyml.spark.cli.ConvoyProcess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main class of {@code scripts/test-cluster.sh}. */
@Command(
    name = "test-cluster.sh",
    description =
        "A cluster on this machine to try Convoy on: Spark's master and workers, and HDFS, each a"
            + " process of its own on 127.0.0.1.",
    synopsisSubcommandLabel = "COMMAND")
final class TestClusterCommand implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help and exit.")
  private boolean help;

  @Spec private CommandSpec spec;

  /** Where the cluster is. */
  static final class Place {
    @Option(
        names = "--folder",
        paramLabel = "DIR",
        description =
            "Where its logs, its files and its processes' numbers are. Default:"
                + " spark-jobs/target/test-cluster.")
    private Path folder = ConvoyProcess.repository().resolve("spark-jobs/target/test-cluster");
  }

  public static void main(String[] args) {
    CommandLine command = new CommandLine(new TestClusterCommand());
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          failed.getErr().println("test-cluster: " + exception.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
    System.exit(command.execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected start, status or stop");
  }

  @Command(name = "start", description = "Starts a cluster and says how to use it.")
  int start(
      @Mixin Place place,
      @Option(
              names = "--workers",
              paramLabel = "N",
              defaultValue = "2",
              description = "Workers, each with executors of its own, at most 8. Default: 2.")
          int workers,
      @Option(
              names = "--cores",
              paramLabel = "N",
              defaultValue = "2",
              description = "Task slots that each worker offers. Default: 2.")
          int cores,
      @Option(
              names = "--memory",
              paramLabel = "MB",
              defaultValue = "4096",
              description = "Memory that each worker offers to executors. Default: 4096.")
          int megabytes,
      @Option(names = "--hdfs", description = "Start HDFS too.") boolean hdfs,
      @Option(
              names = "--conf",
              paramLabel = "KEY=VALUE",
              description =
                  "A setting of Spark for master and workers, such as spark.authenticate=true.")
          Map<String, String> settings,
      @Option(
              names = "--hours",
              paramLabel = "N",
              defaultValue = "8",
              description = "After these it ends by itself. Default: 8.")
          int hours) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> given = settings == null ? Map.of() : new LinkedHashMap<>(settings);
    ClusterLayout layout;
    try {
      layout = new ClusterLayout(workers, cores, megabytes, hdfs, given, Duration.ofHours(hours));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.subcommands().get("start"), e.getMessage(), e);
    }
    TestCluster cluster = TestCluster.start(place.folder, layout);
    print(out, cluster);
    out.printf("%nUse it, with one executor for each core:%n");
    out.printf(
        "  SPARK_LOCAL_IP=127.0.0.1 scripts/convoy --master %s --executor-cores 1 \\%n"
            + "    --executor-memory 1g train --data ... --model lenet --output %s%n",
        cluster.sparkUrl(), hdfs ? cluster.hdfsUrl() + "/models/mine" : "\"$PWD/models/mine\"");
    out.printf(
        "Stop it with scripts/test-cluster.sh stop; after %d hours it ends itself.%n", hours);
    out.flush();
    return 0;
  }

  @Command(
      name = "status",
      description = "Says what runs, executors too. Exit code 0 if all that was started runs.")
  int status(@Mixin Place place) {
    PrintWriter out = spec.commandLine().getOut();
    Optional<TestCluster> cluster = TestCluster.in(place.folder);
    if (cluster.isEmpty()) {
      out.println("no cluster in " + place.folder);
      out.flush();
      return 1;
    }
    print(out, cluster.get());
    out.flush();
    return cluster.get().daemons().stream().allMatch(Daemon::isRunning) ? 0 : 1;
  }

  @Command(name = "stop", description = "Ends all processes of the cluster, and no others.")
  int stop(@Mixin Place place) {
    PrintWriter out = spec.commandLine().getOut();
    Optional<TestCluster> cluster = TestCluster.in(place.folder);
    cluster.ifPresent(TestCluster::stop);
    out.println(cluster.isPresent() ? "stopped" : "no cluster in " + place.folder);
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, TestCluster cluster) {
    out.printf("spark  %s%n", cluster.sparkUrl());
    if (!cluster.hdfsUrl().isEmpty()) {
      out.printf("hdfs   %s%n", cluster.hdfsUrl());
    }
    for (Daemon daemon : cluster.daemons()) {
      out.printf(
          "%-9s pid %-8d %-8s %s%n",
          daemon.name(), daemon.pid(), daemon.isRunning() ? "runs" : "has ended", daemon.log());
    }
    cluster.executors().forEach(out::println);
  }
}
