package org.convoyml.dl4j.engine;

import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;

/** Native memory of a graph. */
final class Dl4jMemory {
  /** Deeplearning4j keeps each activation and its gradient, and works on copies beside them. */
  private static final int COPIES_IN_TRAINING = 3;

  private static final int COPIES_IN_INFERENCE = 2;

  private Dl4jMemory() {}

  /** Bytes of parameters, their gradient, and what layers make of the largest micro-batch. */
  static MemoryPlan plan(NetworkSpec network, ParameterLayout layout, CompileOptions options) {
    boolean training = options.mode() == CompileOptions.Mode.TRAINING;
    long elements = network.shapes().values().stream().mapToLong(Shape::elements).sum();
    long activations =
        Float.BYTES
            * elements
            * options.maxBatchSize()
            * (training ? COPIES_IN_TRAINING : COPIES_IN_INFERENCE);
    long parameters = (long) Float.BYTES * layout.size() * (training ? 2 : 1);
    return new MemoryPlan(parameters, activations, activations);
  }
}
