package org.convoyml.dl4j.graph;

import java.util.Arrays;
import org.convoyml.nn.spec.ParameterSlice;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One tensor of the flat vector, and where Deeplearning4j has it.
 *
 * @param slice of the flat vector
 * @param vertex name of the layer
 * @param key of the parameter within the layer, such as {@code W}
 * @param order of its dimensions
 */
public record ParameterBinding(ParameterSlice slice, String vertex, String key, WeightOrder order) {
  /** By which {@link ComputationGraph#paramTable()} and gradients know it. */
  public String name() {
    return vertex + "_" + key;
  }

  /** Copies it from the flat vector into the graph. */
  public void load(float[] vector, ComputationGraph graph) {
    load(vector, graph.getParam(name()));
  }

  /** Copies it from the flat vector into an array of Deeplearning4j's shape. */
  public void load(float[] vector, INDArray array) {
    order.toDl4j(Arrays.copyOfRange(vector, slice.offset(), slice.end()), array);
  }

  /** The numbers of an array of Deeplearning4j's shape in canonical order. */
  public float[] numbers(INDArray array) {
    return order.toCanonical(array);
  }

  /** Copies an array of Deeplearning4j's shape into the flat vector. */
  public void store(INDArray array, float[] vector) {
    float[] numbers = numbers(array);
    System.arraycopy(numbers, 0, vector, slice.offset(), numbers.length);
  }
}
