package org.convoyml.benchmarks;

import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.zoo.Zoo;

/**
 * What contestants do.
 *
 * @param network a name from the zoo
 * @param batch images in a step
 * @param threads compute threads
 * @param precision what to compute with
 * @param training whole training steps, or inference
 */
public record Contest(
    String network, int batch, int threads, Precision precision, boolean training) {
  /** The batch sizes of the published table. */
  private static final Map<String, Integer> BATCHES =
      Map.of("lenet", 64, "resnet20", 128, "resnet50", 16, "vgg16", 8);

  /** Smaller ones where Deeplearning4j takes part, whose steps would take minutes otherwise. */
  private static final Map<String, Integer> PEERS_BATCHES =
      Map.of("lenet", 64, "resnet20", 32, "resnet50", 8, "vgg16", 4);

  /**
   * The batch size of a network in the published table.
   *
   * @throws IllegalArgumentException if it is not in the table
   */
  static int batchOf(String network) {
    return batchOf(network, BATCHES);
  }

  /**
   * Training steps of all peers.
   *
   * @throws IllegalArgumentException if the network is not in their table
   */
  static Contest ofPeers(String network, int threads) {
    return new Contest(
        network, batchOf(network, PEERS_BATCHES), threads, Precision.F32, /* training= */ true);
  }

  private static int batchOf(String network, Map<String, Integer> batches) {
    Integer batch = batches.get(network);
    if (batch == null) {
      throw new IllegalArgumentException(
          "there is no benchmark of '%s', there are %s"
              .formatted(network, new TreeSet<>(batches.keySet())));
    }
    return batch;
  }

  /** From the words of {@link #toArguments}. */
  public static Contest of(String... words) {
    return new Contest(
        words[0],
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Precision.valueOf(words[3]),
        Boolean.parseBoolean(words[4]));
  }

  String[] toArguments() {
    return new String[] {
      network,
      String.valueOf(batch),
      String.valueOf(threads),
      precision.name(),
      String.valueOf(training)
    };
  }

  Contest withThreads(int other) {
    return new Contest(network, batch, other, precision, training);
  }

  Contest withPrecision(Precision other) {
    return new Contest(network, batch, threads, other, training);
  }

  /** As in the tables. */
  String precisionName() {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  public NetworkSpec spec() {
    return Zoo.named(network).published();
  }
}
