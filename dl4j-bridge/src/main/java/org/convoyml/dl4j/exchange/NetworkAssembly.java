package org.convoyml.dl4j.exchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.Loss;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterSpec;
import org.convoyml.nn.spec.Shape;

/** A network of Convoy's that grows layer by layer, with where its numbers come from. */
final class NetworkAssembly {
  private final String origin;
  private final Shape input;
  private final Map<String, LayerNode> layers = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, OutputSpec> outputs = new LinkedHashMap<>();
  private final Set<String> frozen = new HashSet<>();
  private final List<WeightBlock> blocks = new ArrayList<>();
  private final Map<String, Float> constants = new LinkedHashMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Set<String> names = new HashSet<>(Set.of(NetworkSpec.INPUT));
  private final Map<String, Integer> suffixes = new HashMap<>();

  /**
   * @param origin the configuration, for messages
   */
  NetworkAssembly(String origin, Shape input) {
    this.origin = origin;
    this.input = input;
    shapes.put(NetworkSpec.INPUT, input);
  }

  /** Whether a layer may have this name. */
  static boolean isLegal(String name) {
    return name.matches("[A-Za-z0-9_.-]+");
  }

  /** A name for a layer that nobody has yet, as like to this one as can be. */
  String reserve(String wanted) {
    String legal = wanted.isEmpty() ? "layer" : wanted.replaceAll("[^A-Za-z0-9_.-]", "_");
    String name = legal;
    while (!names.add(name)) {
      name = legal + "-" + (suffixes.merge(legal, 1, Integer::sum) + 1);
    }
    return name;
  }

  Shape shape(String layer) {
    return shapes.get(layer);
  }

  LayerNode node(String layer) {
    return layers.get(layer);
  }

  /**
   * Adds a layer.
   *
   * @param name reserved
   * @throws ConvoyException if it cannot take such inputs
   */
  Value.Tensor add(String name, LayerSpec layer, List<String> inputs) {
    try {
      shapes.put(name, layer.outputShape(inputs.stream().map(shapes::get).toList()));
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("%s: %s: %s".formatted(origin, name, e.getMessage()), e);
    }
    layers.put(name, new LayerNode(name, layer, inputs));
    return new Value.Tensor(name);
  }

  void freeze(String name) {
    frozen.add(name);
  }

  /** How many numbers one tensor of a layer has. */
  int length(String layer, String tensor) {
    LayerNode node = layers.get(layer);
    try {
      return node.layer().parameters(NetworkSpec.inputShapes(node, shapes)).stream()
          .filter(spec -> spec.name().equals(tensor))
          .mapToInt(ParameterSpec::elements)
          .sum();
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("%s: %s: %s".formatted(origin, layer, e.getMessage()), e);
    }
  }

  /** The next numbers of Deeplearning4j's vector are this tensor. */
  void block(String layer, String tensor, WeightBlock.Order order, JsonPlace updater) {
    blocks.add(new WeightBlock(layer + "." + tensor, length(layer, tensor), order, updater));
  }

  /** A tensor has this number everywhere. */
  void constant(String layer, String tensor, double value) {
    constants.put(layer + "." + tensor, (float) value);
  }

  void output(String vertex, String name, String layer, Loss loss) {
    outputs.put(vertex, new OutputSpec(name, layer, loss, 1));
  }

  void warn(JsonPlace place, String what) {
    warnings.add("%s: %s".formatted(place.place(), what));
  }

  List<WeightBlock> blocks() {
    return blocks;
  }

  /** By the names of tensors. */
  Map<String, Float> constants() {
    return constants;
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * The network, without layers that have no weights and that no output needs.
   *
   * @param wanted the vertices that are outputs, in order
   */
  NetworkSpec network(String name, List<String> wanted) {
    List<OutputSpec> found = new ArrayList<>();
    for (String vertex : wanted) {
      OutputSpec output = outputs.get(vertex);
      if (output == null) {
        throw new ConvoyException(
            "%s: output '%s': expected an output or loss layer"
                .formatted(origin, Printable.of(vertex)));
      }
      found.add(output);
    }
    try {
      return new NetworkSpec(name, input, needed(found), found, frozen);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("%s: %s".formatted(origin, e.getMessage()), e);
    }
  }

  private List<LayerNode> needed(List<OutputSpec> found) {
    Set<String> needed = new HashSet<>();
    found.forEach(output -> needed.add(output.layer()));
    List<LayerNode> reversed = new ArrayList<>(layers.values());
    Collections.reverse(reversed);
    for (LayerNode node : reversed) {
      boolean weights = !node.layer().parameters(NetworkSpec.inputShapes(node, shapes)).isEmpty();
      if (weights || needed.contains(node.name())) {
        needed.add(node.name());
        needed.addAll(node.inputs());
      }
    }
    return layers.values().stream().filter(node -> needed.contains(node.name())).toList();
  }
}
