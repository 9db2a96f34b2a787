package org.convoyml.nn.engine;

import java.util.List;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.NetworkSpec;

/**
 * A network that every engine must compute rightly.
 *
 * @param name what is awkward about it
 * @param network small enough to differentiate numerically
 * @param batchSizes at least two sizes to try, ascending
 * @param targetWidth numbers an example that the losses take instead of labels; 0 for none
 */
public record EngineCase(
    String name, NetworkSpec network, List<Integer> batchSizes, int targetWidth) {
  /** With labels only. */
  public EngineCase(String name, NetworkSpec network, List<Integer> batchSizes) {
    this(name, network, batchSizes, 0);
  }

  /** A repeatable micro-batch. */
  public MicroBatch batch(int examples, long seed) {
    return TestNetworks.batch(network, examples, seed, targetWidth);
  }

  int maxBatchSize() {
    return batchSizes.get(batchSizes.size() - 1);
  }

  /** True if examples of a micro-batch do not influence each other. */
  boolean examplesAreIndependent() {
    // A dropout mask depends on the place of an example in its micro-batch.
    return network.layers().stream()
        .noneMatch(
            node ->
                node.layer() instanceof Dropout
                    || (node.layer() instanceof BatchNorm
                        && !network.frozen().contains(node.name())));
  }

  @Override
  public String toString() {
    return name;
  }
}
