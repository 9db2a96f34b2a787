package org.convoyml.nn.engine;

import java.util.List;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.NetworkSpec;

/**
 * A network that every engine must compute rightly.
 *
 * @param name what is awkward about it
 * @param network small enough to differentiate numerically
 * @param batchSizes at least two sizes to try, ascending
 */
record EngineCase(String name, NetworkSpec network, List<Integer> batchSizes) {
  int maxBatchSize() {
    return batchSizes.get(batchSizes.size() - 1);
  }

  /** True if examples of a micro-batch do not influence each other. */
  boolean examplesAreIndependent() {
    return network.layers().stream().noneMatch(node -> node.layer() instanceof BatchNorm);
  }

  @Override
  public String toString() {
    return name;
  }
}
