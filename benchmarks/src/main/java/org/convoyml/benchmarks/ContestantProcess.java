package org.convoyml.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process of a {@link Contestant}, seen from outside. */
final class ContestantProcess implements AutoCloseable {
  private static final String LIBTORCH = "org.convoyml.benchmarks.peers.LibtorchContestant";

  /** Longer than the slowest step of all. */
  private static final long MOST_SECONDS = 400;

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;

  /**
   * An answer.
   *
   * @param grownBytes physical memory that the network took so far
   * @param milliseconds of a step; what else there is, the contestant knows
   */
  record Turn(long grownBytes, double[] milliseconds) {}

  /** Starts it, and returns when it is ready. */
  private ContestantProcess(String name, List<String> command) throws IOException {
    this(name, new ProcessBuilder(command));
  }

  private ContestantProcess(String name, ProcessBuilder builder) throws IOException {
    this.name = name;
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answer();
  }

  /**
   * A network's contestant.
   *
   * @param heap options for the JVM's heap
   */
  private ContestantProcess(String mainClass, Contest contest, String... heap) throws IOException {
    this(mainClass, javaCommand(mainClass, List.of(heap), contest.toArguments()));
  }

  /** A main class of this class path. */
  static ContestantProcess java(String mainClass, String... arguments) throws IOException {
    return new ContestantProcess(
        mainClass, javaCommand(mainClass, List.of("-Xmx1g", "-XX:+UseSerialGC"), arguments));
  }

  /** One of the peers, on as many cores as the contest has threads, the first ones. */
  static ContestantProcess peer(Peer peer, Contest contest) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("taskset", "--cpu-list", "0-" + (contest.threads() - 1)));
    command.addAll(
        javaCommand(
            peer.mainClass(), peer.classPath(), peer.jvmOptions(), peer.of(contest).toArguments()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(peer.openMpThreads(contest)));
    return new ContestantProcess(peer.title(), builder);
  }

  /** Another program. */
  static ContestantProcess command(String... words) throws IOException {
    return new ContestantProcess(words[0], List.of(words));
  }

  private static List<String> javaCommand(
      String mainClass, List<String> options, String... arguments) {
    return javaCommand(mainClass, System.getProperty("java.class.path"), options, arguments);
  }

  private static List<String> javaCommand(
      String mainClass, String classPath, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  static ContestantProcess convoy(Contest contest) throws IOException {
    return new ContestantProcess(ConvoyContestant.class.getName(), contest, "-Xmx4g");
  }

  /** Convoy in a process whose Java heap is all there before it is a contestant. */
  static ContestantProcess convoyWithHeapInPlace(Contest contest) throws IOException {
    return new ContestantProcess(
        ConvoyContestant.class.getName(), contest, "-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch");
  }

  static ContestantProcess bound(Contest contest) throws IOException {
    return new ContestantProcess(BoundContestant.class.getName(), contest, "-Xmx1g");
  }

  static ContestantProcess libtorch(Contest contest) throws IOException {
    // Its native memory counts for JavaCPP, which allows four times the heap.
    return new ContestantProcess(LIBTORCH, contest, "-Xmx4g");
  }

  Turn turn() throws IOException {
    in.write("go\n");
    in.flush();
    String[] words = answer().split(" ");
    double[] times =
        Arrays.stream(words, 1, words.length).mapToDouble(Double::parseDouble).toArray();
    return new Turn(Long.parseLong(words[0]), times);
  }

  /** The next line. A process that gives none in time is ended. */
  private String answer() throws IOException {
    String line;
    try {
      line = CompletableFuture.supplyAsync(this::readLine).get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new IOException("%s gave no answer in %d s".formatted(name, MOST_SECONDS), e);
    } catch (ExecutionException e) {
      throw new IOException("cannot read from " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
    if (line == null) {
      throw new IOException(name + " ended without an answer");
    }
    return line;
  }

  private String readLine() {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        in.close();
      }
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroy();
    }
  }
}
