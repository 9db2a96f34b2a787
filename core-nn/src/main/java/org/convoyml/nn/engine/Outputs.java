package org.convoyml.nn.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.Shape;

/**
 * Where inference puts the values of a network's outputs: one row-major array {@code (N, K)} an
 * output. Reusable.
 */
public final class Outputs {
  private final Map<String, float[]> values = new LinkedHashMap<>();

  /** Room for every output that the network has in inference, and {@code maxBatchSize} examples. */
  public Outputs(NetworkSpec network, int maxBatchSize) {
    Map<String, Shape> shapes = network.shapes();
    for (OutputSpec output : network.inferenceOutputs()) {
      int length = Math.multiplyExact(maxBatchSize, shapes.get(output.layer()).elements());
      values.put(output.name(), new float[length]);
    }
  }

  /**
   * Raw values (logits for a classifier) of the named output, {@code (N, K)}.
   *
   * @throws IllegalArgumentException if the network has no such output
   */
  public float[] get(String output) {
    float[] found = values.get(output);
    if (found == null) {
      throw new IllegalArgumentException(
          "no output is named %s, there are %s".formatted(output, values.keySet()));
    }
    return found;
  }
}
