package org.convoyml.benchmarks.allreduce;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;

/** Some {@link ExchangeProcess}es, seen from outside. */
final class Group implements AutoCloseable {
  private final List<Process> processes = new ArrayList<>();
  private final List<BufferedReader> outputs = new ArrayList<>();
  private final List<BufferedWriter> inputs = new ArrayList<>();

  /**
   * How long they took.
   *
   * @param seconds of the slowest
   * @param waiting of its seconds, mean of all
   * @param communication of its seconds, mean of all
   */
  record Times(double seconds, double waiting, double communication) {}

  /**
   * Starts them.
   *
   * @param members how many
   * @param kind of exchange
   * @param arguments that the kind needs
   */
  Group(int members, String kind, String... arguments) throws IOException {
    try {
      for (int member = 0; member < members; member++) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(
            List.of(JavaModuleOptions.defaultModuleOptions().split(" "))); // as an executor has
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xmx2g", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ExchangeProcess.class.getName(), kind, String.valueOf(member)));
        command.addAll(List.of(arguments));
        Process process =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        outputs.add(process.inputReader());
        inputs.add(process.outputWriter());
      }
      StringJoiner ports = new StringJoiner(" ");
      for (int member = 0; member < members; member++) {
        ports.add(line(member));
      }
      tellAll(ports.toString());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private String line(int member) throws IOException {
    String line = outputs.get(member).readLine();
    if (line == null) {
      throw new IOException("a process ended without an answer");
    }
    return line;
  }

  private void tellAll(String line) throws IOException {
    for (BufferedWriter input : inputs) {
      input.write(line + "\n");
      input.flush();
    }
  }

  Times run(int runs) throws IOException {
    tellAll(String.valueOf(runs));
    double[] sums = new double[3];
    double most = 0;
    for (int member = 0; member < processes.size(); member++) {
      String[] numbers = line(member).split(" ");
      for (int i = 0; i < sums.length; i++) {
        sums[i] += Long.parseLong(numbers[i]) / 1e9 / processes.size();
      }
      most = Math.max(most, Long.parseLong(numbers[0]) / 1e9);
    }
    return new Times(most, sums[1], sums[2]);
  }

  /** Lets them end by themselves, and waits. */
  @Override
  public void close() throws IOException {
    for (BufferedWriter input : inputs) {
      input.close();
    }
    for (Process process : processes) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
  }
}
