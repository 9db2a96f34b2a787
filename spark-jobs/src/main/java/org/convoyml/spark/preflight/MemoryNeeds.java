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
public record MemoryNeeds(long nativePerWorker, long heapPerWorker) {
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
      long vectors =
          vectorBytes(
              ParameterLayout.of(network).size(),
              request.lanes(),
              workers,
              request.stateVectors(),
              request.replicas());
      long batch = (long) request.largestMicroBatch() * network.input().elements();
      return new MemoryNeeds(
          compiled.memoryPlan().total(), vectors + Float.BYTES * BATCHES * batch);
    }
  }

  /**
   * What the flat vectors of the worker with the most lanes take: parameters, sums and gradients,
   * and the optimizer's state, of its range or, with replicas, of every lane.
   *
   * @param size elements of the flat vector
   * @param lanes of the training
   * @param workers that will train
   * @param stateVectors that the optimizer keeps
   * @param replicas whether every lane has parameters of its own, which are averaged
   */
  public static long vectorBytes(
      int size, int lanes, int workers, int stateVectors, boolean replicas) {
    int hosted = (lanes + workers - 1) / workers;
    long treeVectors = 33 - Integer.numberOfLeadingZeros(hosted - 1);
    long elements =
        replicas
            ? (2 + treeVectors + hosted * (1L + stateVectors)) * size
            : (2 + treeVectors) * size + stateVectors * ((size + workers - 1L) / workers);
    return Float.BYTES * elements;
  }
}
