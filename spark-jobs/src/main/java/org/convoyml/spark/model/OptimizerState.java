package org.convoyml.spark.model;

import java.util.List;
import org.convoyml.nn.train.Optimizer;

/**
 * Where an optimizer stands, for models that go on training somewhere else.
 *
 * @param optimizer whose state it is
 * @param learningRate of the last step
 * @param steps how many it has taken
 * @param vectors {@link Optimizer#stateVectors()} vectors, each as long as the flat vector and laid
 *     out like it; zero where nothing is trained
 */
public record OptimizerState(
    Optimizer optimizer, float learningRate, long steps, List<float[]> vectors) {
  public OptimizerState {
    vectors = List.copyOf(vectors);
    if (vectors.size() != optimizer.stateVectors()) {
      throw new IllegalArgumentException(
          "%s: expected %d vectors of state, got %d"
              .formatted(optimizer, optimizer.stateVectors(), vectors.size()));
    }
  }
}
