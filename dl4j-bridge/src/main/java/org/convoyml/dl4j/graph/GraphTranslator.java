package org.convoyml.dl4j.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.convoyml.nn.engine.loss.LossFunction;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.learning.config.IUpdater;

/** Translates networks into configurations of Deeplearning4j's {@code ComputationGraph}. */
public final class GraphTranslator {
  private final NetworkSpec network;
  private final Purpose purpose;
  private final NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder();

  /**
   * @param purpose decides how the graph ends, and on dropout and batch norm
   */
  public GraphTranslator(NetworkSpec network, Purpose purpose) {
    this.network = network;
    this.purpose = purpose;
  }

  /** The same with an updater, for who trains the graph with Deeplearning4j. */
  public GraphTranslator withUpdater(IUpdater updater) {
    settings.updater(updater);
    return this;
  }

  /**
   * The same with weight decay, which is added to the gradient of weights (what Deeplearning4j
   * calls L2), not to that of biases and batch norm.
   */
  public GraphTranslator withWeightDecay(double decay) {
    settings.l2(decay);
    return this;
  }

  /**
   * Translates it.
   *
   * @throws UnsupportedLayerException if the network has a layer that Deeplearning4j lacks
   */
  public TranslatedGraph translate() {
    Map<String, Shape> shapes = network.shapes();
    ParameterLayout layout = ParameterLayout.of(network);
    if (network.layers().stream().anyMatch(node -> node.layer() instanceof LocalResponseNorm)) {
      // Its gradient reads arrays that the workspace has given to others since.
      settings.trainingWorkspaceMode(WorkspaceMode.NONE);
    }
    ComputationGraphConfiguration.GraphBuilder builder =
        settings
            .graphBuilder()
            .addInputs(NetworkSpec.INPUT)
            // No input types are set: every layer is told its shapes, of which SubsetVertex would
            // give a wrong one.
            // Outputs are raw values, which Deeplearning4j would find strange.
            .validateOutputLayerConfig(false);
    BatchHolder batch = new BatchHolder();
    Set<String> needed = needed();
    List<ParameterBinding> parameters = new ArrayList<>();
    for (int i = 0; i < network.layers().size(); i++) {
      LayerNode node = network.layers().get(i);
      if (!needed.contains(node.name())) {
        continue;
      }
      LayerTranslation translation =
          new LayerTranslation(
              node,
              i,
              NetworkSpec.inputShapes(node, shapes),
              network.frozen().contains(node.name()),
              purpose,
              batch,
              builder);
      node.layer().accept(translation);
      translation
          .bindings()
          .forEach(
              (name, binding) ->
                  parameters.add(
                      new ParameterBinding(
                          layout.slice(node.name() + "." + name),
                          node.name(),
                          binding.key(),
                          binding.order())));
    }
    List<BatchLoss> losses = new ArrayList<>();
    if (purpose == Purpose.TRAINING) {
      for (OutputSpec output : network.outputs()) {
        losses.add(
            new BatchLoss(batch, LossFunction.of(output, shapes.get(output.layer()).channels())));
      }
    }
    builder.setOutputs(outputs(shapes, losses, builder));
    return new TranslatedGraph(builder.build(), parameters, batch, losses);
  }

  /** The layers that an output needs: Deeplearning4j has no others. */
  private Set<String> needed() {
    Set<String> needed = new HashSet<>();
    network.outputs().forEach(output -> needed.add(output.layer()));
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      LayerNode node = network.layers().get(i);
      if (needed.contains(node.name())) {
        needed.addAll(node.inputs());
      }
    }
    return needed;
  }

  /** Adds a vertex for each output, and returns their names. */
  private String[] outputs(
      Map<String, Shape> shapes,
      List<BatchLoss> losses,
      ComputationGraphConfiguration.GraphBuilder builder) {
    Set<String> names = new HashSet<>(network.shapes().keySet());
    List<String> outputs = new ArrayList<>();
    for (OutputSpec output : network.outputs()) {
      String name = output.name();
      while (!names.add(name)) {
        name += "_output";
      }
      Layer layer =
          switch (purpose) {
            case TRAINING -> OutputTranslation.trained(losses.get(outputs.size()));
            case INFERENCE -> OutputTranslation.values();
            case DL4J -> OutputTranslation.loss(output, shapes.get(output.layer()).channels());
          };
      builder.addLayer(name, layer, output.layer());
      outputs.add(name);
    }
    return outputs.toArray(String[]::new);
  }
}
