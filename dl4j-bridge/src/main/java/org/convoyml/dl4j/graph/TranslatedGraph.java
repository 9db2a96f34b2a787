package org.convoyml.dl4j.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network as Deeplearning4j's configuration.
 *
 * @param configuration of the graph; its one input is named as Convoy's
 * @param parameters where the tensors of the flat vector lie, in its order; those of layers that no
 *     output needs are missing
 * @param batch which Convoy's losses and dropout ask
 * @param losses one for each of Convoy's outputs, if Convoy trains it
 */
public record TranslatedGraph(
    ComputationGraphConfiguration configuration,
    List<ParameterBinding> parameters,
    BatchHolder batch,
    List<BatchLoss> losses) {
  public TranslatedGraph {
    parameters = List.copyOf(parameters);
    losses = List.copyOf(losses);
  }

  /** Makes the graph, with parameters that nobody has chosen yet. */
  public ComputationGraph instantiate() {
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  /** Copies all parameters and running statistics from the flat vector into a graph. */
  public void load(float[] vector, ComputationGraph graph) {
    parameters.forEach(parameter -> parameter.load(vector, graph));
  }

  /** Copies all parameters and running statistics of a graph into the flat vector. */
  public void store(ComputationGraph graph, float[] vector) {
    parameters.forEach(parameter -> parameter.store(graph.getParam(parameter.name()), vector));
  }
}
