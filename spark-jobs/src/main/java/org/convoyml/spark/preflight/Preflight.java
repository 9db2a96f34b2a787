package org.convoyml.spark.preflight;

import static java.util.stream.Collectors.joining;
import static org.convoyml.spark.preflight.Finding.failed;
import static org.convoyml.spark.preflight.Finding.ok;
import static org.convoyml.spark.preflight.Finding.skipped;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.aug.source.DriverDirectory;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.transport.MeetingPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a cluster is good for a training. Settings come first; if they are, a barrier job
 * reaches every executor. All waits end, and nothing stays behind.
 */
public final class Preflight {
  static final String SPARK = "spark";
  static final String ALLOCATION = "allocation";
  static final String NETWORK = "network";
  static final String SERIALIZER = "serializer";
  static final String SLOTS = "slots";
  static final String NATIVE = "native";
  static final String CONNECTIONS = "connections";
  static final String VERSIONS = "versions";
  static final String PROCESSORS = "processors";
  static final String MEMORY = "memory";
  static final String PLACES = "places";

  private static final String NETWORK_FIX =
      "correct the network, or take --engine reference, which knows all layers";

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  private final SparkContext spark;
  private final SparkConf conf;
  private final Configuration hadoop;
  private final PreflightRequest request;
  private final Consumer<Finding> listener;
  private final List<Finding> findings = new ArrayList<>();

  private Preflight(SparkSession session, PreflightRequest request, Consumer<Finding> listener) {
    this.spark = session.sparkContext();
    this.conf = spark.getConf();
    this.hadoop = DriverDirectory.configuration(session);
    this.request = request;
    this.listener = listener;
  }

  /** What settings alone reveal. With some of them a session would never come about. */
  public static List<Finding> settings(SparkConf conf) {
    return Settings.check(conf);
  }

  /**
   * Checks what settings alone reveal, before there is a session.
   *
   * @throws ConvoyException if training would fail
   */
  public static void checkSettings(SparkConf conf) {
    throwFailures(settings(conf));
  }

  /**
   * Checks all.
   *
   * @param listener is told each finding at once
   * @return all findings
   */
  public static List<Finding> run(
      SparkSession session, PreflightRequest request, Consumer<Finding> listener) {
    Preflight preflight = new Preflight(session, request, listener);
    preflight.run();
    return preflight.findings;
  }

  /**
   * Checks all, and warns in the log of what is not as it could be.
   *
   * @throws ConvoyException if training would fail; it names all reasons and what to do about each
   */
  public static void check(SparkSession session, PreflightRequest request) {
    throwFailures(run(session, request, Preflight::log));
  }

  private static void throwFailures(List<Finding> findings) {
    String failures =
        findings.stream()
            .filter(Finding::isFailure)
            .map(finding -> finding.check() + ": " + finding.message())
            .collect(joining(" | "));
    if (!failures.isEmpty()) {
      throw new ConvoyException("not ready to train: " + failures);
    }
  }

  private static void log(Finding finding) {
    if (finding.outcome() == Finding.Outcome.WARNING) {
      LOG.warn("{}: {}", finding.check(), finding.message());
    }
  }

  private void add(Finding finding) {
    findings.add(finding);
    listener.accept(finding);
  }

  private void run() {
    Settings.check(conf).forEach(this::add);
    if (findings.stream().anyMatch(Finding::isFailure)) {
      skip("settings are wrong", SLOTS, NATIVE, CONNECTIONS, VERSIONS, PROCESSORS, MEMORY, PLACES);
      return;
    }
    int slots = slots();
    if (slots == 0) {
      skip("no executor", NATIVE, CONNECTIONS, VERSIONS, PROCESSORS, MEMORY, PLACES);
      return;
    }
    List<SharedPlace> places = new ArrayList<>();
    try {
      request.places().forEach(target -> open(target, places));
      probe(slots, places);
    } finally {
      places.forEach(SharedPlace::close);
    }
  }

  private void skip(String why, String... checks) {
    Stream.of(checks).forEach(check -> add(skipped(check, "not checked: " + why)));
  }

  private int slots() {
    int needed = Math.max(1, request.workers());
    int slots;
    try {
      slots = Slots.await(spark, request.workers(), request.deadline());
    } catch (ConvoyException e) {
      add(failed(SLOTS, e.getMessage(), "look into the master's log"));
      return 0;
    }
    if (slots < needed) {
      add(failed(SLOTS, Slots.tooFew(slots, needed, spark), Slots.fix(slots)));
    } else {
      add(
          ok(
              SLOTS,
              "%d, of %d cores, for %d workers"
                  .formatted(slots, conf.getInt("spark.task.cpus", 1), workers(slots))));
    }
    return slots;
  }

  private int workers(int slots) {
    return request.workers() == 0 ? Math.min(slots, request.lanes()) : request.workers();
  }

  private void open(String target, List<SharedPlace> places) {
    try {
      places.add(SharedPlace.create(hadoop, target));
    } catch (ConvoyException e) {
      add(
          failed(
              PLACES,
              "driver: expected to write %s: %s".formatted(target, e.getMessage()),
              SharedPlace.FIX));
    }
  }

  private void probe(int slots, List<SharedPlace> places) {
    List<ExecutorReport> reports;
    try {
      reports = ask(slots, places);
    } catch (ConvoyException e) {
      add(failed("executors", e.getMessage(), "look into the executors' logs"));
      skip("executors did not answer", NATIVE, CONNECTIONS, VERSIONS, PROCESSORS, MEMORY, PLACES);
      return;
    }
    merge(NATIVE, reports, " on " + count(reports));
    if (reports.size() > 1) {
      merge(CONNECTIONS, reports, ", " + count(reports));
    } else {
      add(ok(CONNECTIONS, "workers share one executor and meet in memory"));
    }
    Equality.versions(reports, ExecutorFacts.spark(), ExecutorFacts.convoy()).forEach(this::add);
    add(Equality.processors(reports));
    memory(reports, slots);
    places(reports, places);
  }

  private List<ExecutorReport> ask(int slots, List<SharedPlace> places) {
    List<String> tasks = IntStream.range(0, slots).mapToObj(Gathering::member).toList();
    try (MeetingPoint rollCall = MeetingPoint.open(tasks);
        MeetingPoint connecting = MeetingPoint.open(tasks)) {
      ProbeSpec spec =
          new ProbeSpec(
              "preflight " + UUID.randomUUID(),
              rollCall.name(),
              connecting.name(),
              request.engine(),
              places.stream().map(SharedPlace::target).toList(),
              places.stream().map(SharedPlace::folder).toList(),
              (int) request.deadline().toSeconds() / 2 + 1);
      ExecutorProbe probe = new ExecutorProbe(spec, new SerializableConfiguration(hadoop));
      return ProbeJob.run(spark, probe, slots, request.deadline());
    }
  }

  /** All failures of a check, or that it went well everywhere. */
  private void merge(String check, List<ExecutorReport> reports, String where) {
    List<Finding> found =
        reports.stream()
            .flatMap(report -> Stream.of(report.findings()))
            .filter(finding -> finding.check().equals(check))
            .toList();
    List<Finding> failures = found.stream().filter(Finding::isFailure).toList();
    failures.forEach(this::add);
    if (failures.isEmpty()) {
      // The last thing that was tried says most.
      add(ok(check, found.get(found.size() - 1).text() + where));
    }
  }

  static String count(List<ExecutorReport> reports) {
    return reports.size() == 1 ? "1 executor" : reports.size() + " executors";
  }

  private void memory(List<ExecutorReport> reports, int slots) {
    if (request.network().isEmpty()) {
      add(skipped(MEMORY, "not planned: no network was named"));
      return;
    }
    int workers = workers(slots);
    MemoryNeeds needs;
    try {
      needs =
          MemoryNeeds.of(
              request, request.network().get(), workers, conf.getInt("spark.task.cpus", 1));
    } catch (ConvoyException e) {
      add(failed(MEMORY, "driver: " + e.getMessage(), NETWORK_FIX));
      return;
    }
    new MemoryCheck(conf, needs, workers).of(reports).forEach(this::add);
  }

  private void places(List<ExecutorReport> reports, List<SharedPlace> places) {
    List<Finding> failures =
        reports.stream()
            .flatMap(report -> Stream.of(report.findings()))
            .filter(finding -> finding.check().equals(PLACES) && finding.isFailure())
            .toList();
    failures.forEach(this::add);
    if (failures.isEmpty()) {
      places.forEach(place -> readAll(place, reports));
    }
  }

  private void readAll(SharedPlace place, List<ExecutorReport> reports) {
    try {
      reports.forEach(report -> place.read(SharedPlace.file(report.executor())));
      add(
          ok(
              PLACES,
              "%s: written and read by the driver and %s"
                  .formatted(place.target(), count(reports))));
    } catch (ConvoyException e) {
      add(failed(PLACES, "driver: " + e.getMessage(), SharedPlace.FIX));
    }
  }
}
