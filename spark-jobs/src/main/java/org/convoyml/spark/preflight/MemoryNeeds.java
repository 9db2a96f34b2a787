package org.convoyml.spark.preflight;

import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;

/**
 * Memory that a training takes.
 *
 * @param nativePerWorker outside the Java heap, in bytes
 * @param heapPerWorker in the heap: what surely stays there through a round, in bytes
 */
record MemoryNeeds(long nativePerWorker, long heapPerWorker) {
  /** Metaspace, code, stacks and buffers of an executor's JVM beside its heap. */
  static final long JVM = 256L << 20;

  /** What Spark itself keeps of every heap (UnifiedMemoryManager). */
  static final long SPARK = 300L << 20;

  /** The micro-batch that is computed, the next, and the images from which it is made. */
  private static final int BATCHES = 3;

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
      int lanes = (request.lanes() + workers - 1) / workers;
      // Parameters, their sum, the lanes' tree, the optimizer's state and a copy of what is saved.
      long vectors = 2 + treeDepth(lanes) + 2L * request.stateVectors();
      long batch = (long) request.largestMicroBatch() * network.input().elements();
      return new MemoryNeeds(
          compiled.memoryPlan().total(),
          Float.BYTES * (vectors * ParameterLayout.of(network).size() + BATCHES * batch));
    }
  }

  /** How many sums the lanes of a worker need at once. */
  private static int treeDepth(int lanes) {
    return 33 - Integer.numberOfLeadingZeros(lanes - 1);
  }
}
