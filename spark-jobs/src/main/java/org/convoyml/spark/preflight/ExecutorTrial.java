package org.convoyml.spark.preflight;

import static org.convoyml.spark.preflight.Finding.failed;
import static org.convoyml.spark.preflight.Finding.ok;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Membership;
import org.convoyml.spark.collective.transport.Transport;
import org.convoyml.spark.collective.transport.TransportAllReduce;

/** One executor tries what it needs for training: first alone, then with the others. */
final class ExecutorTrial implements AutoCloseable {
  private static final String NATIVE_FIX =
      "Convoy brings its native libraries for Linux on x86-64 with glibc: look into the executor's"
          + " log, or take --engine reference";
  private static final String PORT_FIX =
      "let executors listen on free ports that the others reach;"
          + " several on a machine need spark.port.maxRetries";

  /** What the members of the group are called in messages, instead of their lanes. */
  static final String ROLE = "preflight";

  /** Each member has a block of the vector. */
  private static final int SHARE = 16_384;

  private static final String SEPARATOR = "\t";

  private final ProbeSpec spec;
  private final Configuration hadoop;
  private final int number;
  private final int executors;
  private final Waiting waiting;
  private final String executor = SparkEnv.get().executorId();
  private final String host = SparkEnv.get().blockManager().blockManagerId().host();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Boolean> written = new ArrayList<>();
  private String engine = "";
  private Transport transport;

  ExecutorTrial(ProbeSpec spec, Configuration hadoop, int number, int executors, Waiting waiting) {
    this.spec = spec;
    this.hadoop = hadoop;
    this.number = number;
    this.executors = executors;
    this.waiting = waiting;
  }

  /** What it can know by itself. */
  void alone() {
    attempt(
        Preflight.NATIVE,
        NATIVE_FIX,
        () -> {
          engine = NativeTrial.run(spec.engine());
          return engine;
        });
    if (executors > 1) {
      // Kept open until all have opened theirs: several may run on one machine.
      attempt(
          Preflight.CONNECTIONS,
          PORT_FIX,
          () -> {
            transport = Transport.ofExecutor();
            return "listens";
          });
    }
    for (int place = 0; place < spec.folders().size(); place++) {
      String folder = spec.folders().get(place);
      written.add(
          attempt(place, () -> SharedPlace.visit(hadoop, folder, SharedPlace.file(executor))));
    }
  }

  /** For the others: its id, whether it listens, and into which places it has written. */
  String summary() {
    List<String> words = new ArrayList<>(List.of(executor, String.valueOf(transport != null)));
    written.forEach(done -> words.add(String.valueOf(done)));
    return String.join(SEPARATOR, words);
  }

  /**
   * What takes all.
   *
   * @param summaries of all executors
   * @param connecting where they meet if all listen
   */
  void together(List<String> summaries, Gathering connecting) {
    List<String[]> others = summaries.stream().map(line -> line.split(SEPARATOR)).toList();
    if (allListen(summaries)) {
      attempt(Preflight.CONNECTIONS, PORT_FIX, () -> exchange(connecting));
    }
    for (int place = 0; place < written.size(); place++) {
      if (written.get(place)) {
        String folder = spec.folders().get(place);
        String writer = firstWriter(place, others);
        attempt(place, () -> SharedPlace.read(hadoop, folder, SharedPlace.file(writer)));
      }
    }
  }

  private static String firstWriter(int place, List<String[]> others) {
    return others.stream()
        .filter(words -> Boolean.parseBoolean(words[2 + place]))
        .map(words -> words[0])
        .findFirst()
        .orElseThrow();
  }

  /** Whether all executors listen, by what {@link #summary} says. */
  static boolean allListen(List<String> summaries) {
    return summaries.stream().allMatch(line -> Boolean.parseBoolean(line.split(SEPARATOR)[1]));
  }

  /** As workers do: with Spark's secret and encryption, if there are any. */
  private String exchange(Gathering connecting) {
    Membership membership =
        new Membership(spec.group(), number, executors, executors * SHARE, ROLE);
    GatheredMeeting meeting = new GatheredMeeting(connecting, executors);
    try (AllReduce group = TransportAllReduce.join(transport, membership, meeting, waiting)) {
      float[] vector = new float[executors * SHARE];
      Arrays.fill(vector, group.from(), group.to(), number + 1);
      group.allGather(0, vector);
      for (int i = 0; i < vector.length; i++) {
        if (vector[i] != i / SHARE + 1) {
          throw new IllegalStateException(
              "expected %d from executor %d, got %s"
                  .formatted(i / SHARE + 1, i / SHARE, vector[i]));
        }
      }
    } finally {
      meeting.excuse(waiting);
    }
    return "exchanged %d floats with each other".formatted(SHARE);
  }

  /** Tries something in one of the places. */
  private boolean attempt(int place, Runnable what) {
    return attempt(
        Preflight.PLACES,
        SharedPlace.FIX,
        () -> {
          String target = spec.targets().get(place);
          try {
            what.run();
            return target;
          } catch (ConvoyException e) {
            throw new ConvoyException("%s: %s".formatted(target, e.getMessage()), e);
          }
        });
  }

  /** Whatever goes wrong is a finding, so that the other checks are made too. */
  private boolean attempt(String check, String fix, Callable<String> what) {
    try {
      findings.add(ok(check, what.call()));
      return true;
    } catch (Exception | LinkageError e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      findings.add(failed(check, "executor %s (%s): %s".formatted(executor, host, reason), fix));
      return false;
    }
  }

  ExecutorReport report(int slots) {
    return new ExecutorReport(
        executor,
        host,
        slots,
        ExecutorFacts.spark(),
        ExecutorFacts.convoy(),
        ExecutorFacts.processor(),
        engine,
        ExecutorFacts.maxHeap(),
        ExecutorFacts.machineMemory(),
        findings.toArray(Finding[]::new));
  }

  @Override
  public void close() {
    if (transport != null) {
      transport.close();
    }
  }
}
