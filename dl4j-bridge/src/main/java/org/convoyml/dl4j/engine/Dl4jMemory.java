package org.convoyml.dl4j.engine;

import java.util.Map;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;

/** Native memory of a graph. */
final class Dl4jMemory {
  /** Deeplearning4j keeps each activation and its gradient, and works on copies beside them. */
  private static final int COPIES_IN_TRAINING = 3;

  private static final int COPIES_IN_INFERENCE = 2;

  /** A convolution is a product with its input's columns, which backwards are there once more. */
  private static final int COLUMNS = 2;

  private Dl4jMemory() {}

  /** Bytes of parameters, their gradient, and what layers make of the largest micro-batch. */
  static MemoryPlan plan(NetworkSpec network, ParameterLayout layout, CompileOptions options) {
    boolean training = options.mode() == CompileOptions.Mode.TRAINING;
    long elements = network.shapes().values().stream().mapToLong(Shape::elements).sum();
    long numbers =
        elements * (training ? COPIES_IN_TRAINING : COPIES_IN_INFERENCE)
            + columns(network) * (training ? COLUMNS : 1);
    long activations = Float.BYTES * numbers * options.maxBatchSize();
    long parameters = (long) Float.BYTES * layout.size() * (training ? 2 : 1);
    return new MemoryPlan(parameters, activations, activations);
  }

  /** Of one example, in the convolution that has the most. */
  private static long columns(NetworkSpec network) {
    Map<String, Shape> shapes = network.shapes();
    return network.layers().stream()
        .filter(node -> node.layer() instanceof Conv2d)
        .mapToLong(
            node -> {
              Conv2d convolution = (Conv2d) node.layer();
              Shape output = shapes.get(node.name());
              return (long) shapes.get(node.inputs().get(0)).channels()
                  * convolution.kernel().height()
                  * convolution.kernel().width()
                  * output.height()
                  * output.width();
            })
        .max()
        .orElse(0);
  }
}
