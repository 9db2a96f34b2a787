package org.convoyml.nn.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A network: an immutable, acyclic graph of layers. Layers stand in an order in which each comes
 * after its inputs, so a cycle cannot be written down. A value of this class is valid: its shapes
 * fit.
 *
 * @param name for people
 * @param input the shape of one example
 * @param layers in order of computation
 * @param outputs at least one; the first is the one that metrics are measured on
 * @param frozen names of layers that training does not change: their parameters get no gradient,
 *     and batch norm among them uses and keeps its running statistics. Below the lowest layer that
 *     is trained no gradient is computed at all
 */
public record NetworkSpec(
    String name,
    Shape input,
    List<LayerNode> layers,
    List<OutputSpec> outputs,
    Set<String> frozen) {
  /** The name by which layers refer to the network's input. */
  public static final String INPUT = "input";

  /**
   * @throws IllegalArgumentException if a name is unknown or taken, or shapes do not fit; the
   *     message names the layer
   */
  public NetworkSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(input, "input");
    layers = List.copyOf(layers);
    outputs = List.copyOf(outputs);
    Map<String, Shape> shapes = inferShapes(input, layers);
    checkOutputs(outputs, shapes);
    frozen = Collections.unmodifiableSet(new TreeSet<>(frozen));
    for (String layer : frozen) {
      if (layer.equals(INPUT) || !shapes.containsKey(layer)) {
        throw new IllegalArgumentException("frozen: no layer is named '" + layer + "'");
      }
    }
  }

  /** A network all of whose layers are trained. */
  public NetworkSpec(String name, Shape input, List<LayerNode> layers, List<OutputSpec> outputs) {
    this(name, input, layers, outputs, Set.of());
  }

  /** The same network with exactly the layers frozen whose names pass the test. */
  public NetworkSpec withFrozen(Predicate<String> layer) {
    Set<String> names =
        layers.stream().map(LayerNode::name).filter(layer).collect(Collectors.toSet());
    return new NetworkSpec(name, input, layers, outputs, names);
  }

  /**
   * The same network with this label smoothing in every output that has softmax cross-entropy.
   *
   * @param smoothing in [0, 1)
   */
  public NetworkSpec withLabelSmoothing(float smoothing) {
    List<OutputSpec> smoothed =
        outputs.stream()
            .map(
                output ->
                    output.loss() instanceof SoftmaxCrossEntropy softmax
                        ? new OutputSpec(
                            output.name(),
                            output.layer(),
                            new SoftmaxCrossEntropy(smoothing, softmax.classWeights()),
                            output.weight(),
                            output.trainingOnly())
                        : output)
            .toList();
    return new NetworkSpec(name, input, layers, smoothed, frozen);
  }

  /** Starts a network whose layers follow one another unless they name their inputs. */
  public static Builder builder(String name, Shape input) {
    return new Builder(name, input);
  }

  /** The output shape of every layer by name, and of {@link #INPUT}; in order of computation. */
  public Map<String, Shape> shapes() {
    return inferShapes(input, layers);
  }

  /** The shapes of a layer's inputs, in order. */
  public static List<Shape> inputShapes(LayerNode node, Map<String, Shape> shapes) {
    return node.inputs().stream().map(shapes::get).toList();
  }

  /** The output that metrics are measured on. */
  public OutputSpec primaryOutput() {
    return outputs.get(0);
  }

  /** The outputs that inference gives. */
  public List<OutputSpec> inferenceOutputs() {
    return outputs.stream().filter(output -> !output.trainingOnly()).toList();
  }

  /** How many classes the primary output tells apart. */
  public int classes() {
    return shapes().get(primaryOutput().layer()).channels();
  }

  private static Map<String, Shape> inferShapes(Shape input, List<LayerNode> layers) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put(INPUT, input);
    for (LayerNode node : layers) {
      List<Shape> inputs = new ArrayList<>();
      for (String from : node.inputs()) {
        Shape shape = shapes.get(from);
        if (shape == null) {
          throw new IllegalArgumentException(
              "%s: no earlier layer is named '%s'".formatted(node.name(), from));
        }
        inputs.add(shape);
      }
      Shape output;
      try {
        output = node.layer().outputShape(inputs);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(node.name() + ": " + e.getMessage(), e);
      }
      if (shapes.put(node.name(), output) != null) {
        throw new IllegalArgumentException(node.name() + ": the name is taken by another layer");
      }
    }
    return shapes;
  }

  /** Multiplications with a weight that one example takes, each with its addition. */
  public long multiplyAdds() {
    Map<String, Shape> shapes = shapes();
    return layers.stream()
        .mapToLong(node -> node.layer().multiplyAdds(inputShapes(node, shapes)))
        .sum();
  }

  private static void checkOutputs(List<OutputSpec> outputs, Map<String, Shape> shapes) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one output");
    }
    if (outputs.get(0).trainingOnly()) {
      throw new IllegalArgumentException(
          "output " + outputs.get(0).name() + ": the first output must not be for training only");
    }
    Set<String> names = new HashSet<>();
    for (OutputSpec output : outputs) {
      Shape shape = shapes.get(output.layer());
      if (shape == null) {
        throw new IllegalArgumentException(
            "output %s: no layer is named '%s'".formatted(output.name(), output.layer()));
      }
      if (shape.isSpatial()) {
        throw new IllegalArgumentException(
            "output %s: expected features, got %s from %s (put a flatten layer before it)"
                .formatted(output.name(), shape, output.layer()));
      }
      if (output.loss() instanceof SoftmaxCrossEntropy softmax
          && !softmax.classWeights().isEmpty()
          && softmax.classWeights().size() != shape.channels()) {
        throw new IllegalArgumentException(
            "output %s: expected %d class weights, got %d"
                .formatted(output.name(), shape.channels(), softmax.classWeights().size()));
      }
      if (!names.add(output.name())) {
        throw new IllegalArgumentException(
            "output " + output.name() + ": the name is taken by another output");
      }
    }
  }

  /** Collects layers; each takes the one before it as input unless it names others. */
  public static final class Builder {
    private final String name;
    private final Shape input;
    private final List<LayerNode> layers = new ArrayList<>();
    private final List<OutputSpec> outputs = new ArrayList<>();
    private String last = INPUT;

    private Builder(String name, Shape input) {
      this.name = name;
      this.input = input;
    }

    /** The name of the layer added last. */
    public String last() {
      return last;
    }

    public Builder add(String layerName, LayerSpec layer, String... inputs) {
      List<String> from = inputs.length == 0 ? List.of(last) : List.of(inputs);
      layers.add(new LayerNode(layerName, layer, from));
      last = layerName;
      return this;
    }

    /** Makes the layer added last an output, trained as a classifier with weight 1. */
    public Builder classify(String outputName) {
      return output(outputName, new SoftmaxCrossEntropy(), 1);
    }

    /** Makes the layer added last an output. */
    public Builder output(String outputName, Loss loss, float weight) {
      outputs.add(new OutputSpec(outputName, last, loss, weight));
      return this;
    }

    /** Makes the layer added last a classifier that exists in training only. */
    public Builder auxiliary(String outputName, float weight) {
      outputs.add(new OutputSpec(outputName, last, new SoftmaxCrossEntropy(), weight, true));
      return this;
    }

    public NetworkSpec build() {
      return new NetworkSpec(name, input, layers, outputs);
    }
  }
}
