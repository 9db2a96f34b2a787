package org.convoyml.dl4j.graph;

/** What a graph is made for. */
public enum Purpose {
  /**
   * Convoy updates its parameters: its losses, its dropout and the statistics of batch norm are
   * those of the micro-batch that it is given. Its outputs are raw values, one for each of
   * Convoy's.
   */
  TRAINING,
  /** The same without losses, for layers whose values are right and whose gradients are not. */
  INFERENCE,
  /** Deeplearning4j itself trains it: it ends in loss layers, and all of it is Deeplearning4j's. */
  DL4J
}
