package org.convoyml.nn.engine;

/**
 * Memory of a compiled network in bytes, known when it is compiled.
 *
 * @param parameters canonical parameters and gradient, and the copies in an engine's own layout
 * @param activations the planned buffer of activations and their gradients, shared by liveness
 * @param peakLiveActivations the most bytes of activations that are needed at one moment: the bound
 *     of the line above
 * @param scratchpad working memory of single operations
 */
public record MemoryPlan(
    long parameters, long activations, long peakLiveActivations, long scratchpad) {
  public long total() {
    return parameters + activations + scratchpad;
  }
}
