package org.convoyml.benchmarks;

import java.util.Map;
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
  static final Map<String, Integer> BATCHES =
      Map.of("lenet", 64, "resnet20", 128, "resnet50", 16, "vgg16", 8);

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

  public NetworkSpec spec() {
    return Zoo.named(network).published();
  }
}
