package org.convoyml.benchmarks.allreduce;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * One of some processes. It prints the port on which it listens and reads those of all; then for
 * every line it reads it runs the exchange as often as the line says, and prints the nanoseconds:
 * in all, of waiting, of communication.
 */
public final class ExchangeProcess {
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private ExchangeProcess() {}

  /** Takes the kind of exchange, the number of this process, and what the kind needs. */
  public static void main(String[] words) throws IOException {
    new ExchangeProcess().serve(List.of(words));
  }

  private void serve(List<String> words) throws IOException {
    try (Exchange exchange = open(words)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int runs = Integer.parseInt(line);
        long waiting = exchange.waitingNanos();
        long communication = exchange.communicationNanos();
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
          exchange.run();
        }
        System.out.printf(
            "%d %d %d%n",
            System.nanoTime() - start,
            exchange.waitingNanos() - waiting,
            exchange.communicationNanos() - communication);
      }
    }
  }

  private Exchange open(List<String> words) throws IOException {
    IntFunction<int[]> meet = this::meet;
    int member = Integer.parseInt(words.get(1));
    return switch (words.get(0)) {
      case "bare" ->
          new BareExchange(member, meet, (long) Integer.parseInt(words.get(2)) * Float.BYTES);
      case "plain" -> new ReduceExchange(member, Integer.parseInt(words.get(2)), false, meet);
      case "encrypted" -> new ReduceExchange(member, Integer.parseInt(words.get(2)), true, meet);
      case "training" ->
          new TrainingExchange(
              member,
              Integer.parseInt(words.get(2)),
              words.get(3),
              Integer.parseInt(words.get(4)),
              meet);
      default -> throw new IllegalArgumentException("no exchange is called " + words.get(0));
    };
  }

  private int[] meet(int own) {
    try {
      System.out.println(own);
      return Stream.of(in.readLine().split(" ")).mapToInt(Integer::parseInt).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
