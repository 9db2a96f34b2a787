package org.convoyml.nn.engine;

/**
 * Memory of a compiled network in bytes, known when it is compiled.
 *
 * @param parameters canonical parameters and gradient, and the copies in an engine's own layout
 * @param activations the planned buffer of activations, their gradients and working memory, shared
 *     by liveness
 * @param peakLive the most bytes of these that are needed at one moment: the bound of {@code
 *     activations}
 */
public record MemoryPlan(long parameters, long activations, long peakLive) {
  public long total() {
    return parameters + activations;
  }
}
