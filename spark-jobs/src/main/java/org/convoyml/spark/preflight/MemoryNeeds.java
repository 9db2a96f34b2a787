package org.convoyml.spark.preflight;

import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.UpdateRule;

/**
 * Memory that a training takes.
 *
 * @param nativePerWorker outside the Java heap, in bytes
 * @param heapPerWorker in the heap: what surely stays there through a round, in bytes
 */
public record MemoryNeeds(long nativePerWorker, long heapPerWorker) {
  /** Metaspace, code, stacks and buffers of an executor's JVM beside its heap. */
  static final long JVM = 256L << 20;

  /** What Spark itself keeps of every heap (UnifiedMemoryManager). */
  static final long SPARK = 300L << 20;

  /** The micro-batch that is computed, the next, and the images from which it is made. */
  private static final int BATCHES = 3;

  /** What a worker may have received of each subtree before it adds it (docs/adr/0014). */
  private static final long RECEIVED_BYTES = 16L << 20;

  /**
   * Compiles the network, which is how its native memory is known; that touches next to none of it.
   *
   * @param workers that will train
   * @param threads of each
   */
  static MemoryNeeds of(PreflightRequest request, NetworkSpec network, int workers, int threads) {
    CompileOptions options =
        CompileOptions.training(request.largestMicroBatch(), threads)
            .withPrecision(request.precision());
    try (CompiledNetwork compiled = Engines.named(request.engine()).compile(network, options)) {
      long vectors =
          vectorBytes(
              ParameterLayout.of(network).size(),
              request.lanes(),
              workers,
              request.rule(),
              request.replicas());
      long batch = (long) request.largestMicroBatch() * network.input().elements();
      return new MemoryNeeds(
          compiled.memoryPlan().total(), vectors + Float.BYTES * BATCHES * batch);
    }
  }

  /**
   * What the flat vectors of the worker with the most lanes take: parameters, sums and gradients,
   * the optimizer's state, of its range or, with replicas, of every lane, and what the others have
   * sent of its range that waits to be added.
   *
   * @param size elements of the flat vector
   * @param lanes of the training
   * @param workers that will train
   * @param rule of updates, which says what is kept; a moving average is once there as a whole
   * @param replicas whether every lane has parameters of its own, which are averaged
   */
  public static long vectorBytes(
      int size, int lanes, int workers, UpdateRule rule, boolean replicas) {
    int hosted = (lanes + workers - 1) / workers;
    long treeVectors = 33 - Integer.numberOfLeadingZeros(hosted - 1);
    long whole = 2 + treeVectors + (rule.averages() ? 1 : 0);
    long elements =
        replicas
            ? (whole + hosted * (1L + rule.stateVectors())) * size
            : whole * size + rule.stateVectors() * ((size + workers - 1L) / workers);
    return Float.BYTES * elements + received(size, lanes, workers, hosted);
  }

  /** Of each subtree of the others' lanes: one a worker, if workers have as many lanes each. */
  private static long received(int size, int lanes, int workers, int hosted) {
    long subtrees = lanes % workers == 0 && Integer.bitCount(hosted) == 1 ? workers : lanes;
    long range = Float.BYTES * ((size + workers - 1L) / workers);
    return workers == 1 ? 0 : (subtrees - 1) * Math.min(range, RECEIVED_BYTES);
  }
}
