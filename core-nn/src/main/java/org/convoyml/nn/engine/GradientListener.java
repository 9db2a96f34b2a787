package org.convoyml.nn.engine;

/**
 * Is told while a backward pass still runs which part of the gradient is final, so that its
 * reduction can begin.
 */
@FunctionalInterface
public interface GradientListener {
  /** For callers that wait for the whole gradient. */
  GradientListener NONE = (from, to) -> {};

  /**
   * Elements {@code [from, to)} of the gradient are final. Ranges come from the end of the vector
   * to its beginning, do not overlap, and together cover it.
   */
  void ready(int from, int to);
}
