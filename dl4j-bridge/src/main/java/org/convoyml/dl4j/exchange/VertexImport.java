package org.convoyml.dl4j.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/** Takes the vertices of a graph, in their order, into a network. */
final class VertexImport {
  private final NetworkAssembly assembly;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();

  VertexImport(Dl4jGraph graph, NetworkAssembly assembly) {
    this.assembly = assembly;
    values.put(graph.input(), new Value.Tensor(NetworkSpec.INPUT));
    // Names that are legal stay as they are; others must not take them.
    graph.vertices().stream().filter(this::isLegal).forEach(this::reserve);
    graph.vertices().stream().filter(vertex -> !isLegal(vertex)).forEach(this::reserve);
  }

  private boolean isLegal(Dl4jGraph.Vertex vertex) {
    return NetworkAssembly.isLegal(vertex.label());
  }

  private void reserve(Dl4jGraph.Vertex vertex) {
    names.put(vertex.name(), assembly.reserve(vertex.label()));
  }

  void read(Dl4jGraph.Vertex vertex) {
    values.put(vertex.name(), vertex.isLayer() ? layer(vertex) : other(vertex));
  }

  private Value layer(Dl4jGraph.Vertex vertex) {
    if (vertex.inputs().size() != 1) {
      throw vertex.json().wrong("a layer with one input, but it has " + vertex.inputs());
    }
    Value input = values.get(vertex.inputs().get(0));
    if (vertex.preprocessor().isPresent()) {
      input =
          preprocessed(
              vertex.preprocessor(),
              input,
              () -> assembly.reserve(names.get(vertex.name()) + "-flatten"));
    }
    return new LayerImport(assembly, vertex.name(), names.get(vertex.name()))
        .read(vertex.json(), input);
  }

  private Value other(Dl4jGraph.Vertex vertex) {
    JsonPlace json = vertex.json();
    String name = names.get(vertex.name());
    List<Value> inputs = vertex.inputs().stream().map(values::get).toList();
    if (inputs.isEmpty()) {
      throw json.wrong("a vertex with inputs");
    }
    switch (json.type()) {
      case "ElementWiseVertex" -> {
        if (!json.get("op").text().equals("Add")) {
          throw json.get("op").wrong("Add");
        }
        return sum(name, new Add(), inputs, json);
      }
      case "MergeVertex" -> {
        if (json.get("mergeAxis").number(1) != 1) {
          throw json.get("mergeAxis").wrong("1, the channels of NCHW");
        }
        return inputs.stream().anyMatch(Value.Zeros.class::isInstance)
            ? shortcut(name, inputs, json)
            : sum(name, new Concat(), inputs, json);
      }
      case "PreprocessorVertex" -> {
        return preprocessed(json.get("preProcessor"), inputs.get(0), () -> name);
      }
      case "ScaleVertex" -> {
        if (json.get("scaleFactor").number() != 0) {
          throw json.get("scaleFactor").wrong("0, as in shortcuts that Convoy exported");
        }
        return new Value.Zeros(assembly.shape(tensor(inputs.get(0), json)));
      }
      case "SubsetVertex" -> {
        return subset(inputs.get(0), json);
      }
      default -> throw json.wrong("a vertex");
    }
  }

  /** A sum or concatenation; of one it is that one. */
  private Value sum(String name, LayerSpec layer, List<Value> inputs, JsonPlace json) {
    List<String> from = inputs.stream().map(value -> tensor(value, json)).toList();
    return from.size() == 1 ? inputs.get(0) : assembly.add(name, layer, from);
  }

  private static Value subset(Value input, JsonPlace json) {
    int from = json.get("from").integer();
    int to = json.get("to").integer();
    if (!(input instanceof Value.Zeros zeros)
        || from < 0
        || to < from
        || to >= zeros.shape().channels()) {
      throw json.wrong("a subset of zeros, as in shortcuts that Convoy exported");
    }
    Shape shape = zeros.shape();
    return new Value.Zeros(Shape.of(to - from + 1, shape.height(), shape.width()));
  }

  /** Channels between zeros: a {@link PadShortcut}. */
  private Value shortcut(String name, List<Value> inputs, JsonPlace json) {
    long before = 0;
    long channels = 0;
    List<String> real = new ArrayList<>();
    for (Value input : inputs) {
      if (input instanceof Value.Zeros zeros) {
        before += real.isEmpty() ? zeros.shape().channels() : 0;
        channels += zeros.shape().channels();
      } else {
        real.add(tensor(input, json));
        channels += assembly.shape(real.get(0)).channels();
      }
    }
    if (real.size() != 1 || channels > Integer.MAX_VALUE) {
      throw json.wrong("one input between zeros, as in shortcuts that Convoy exported");
    }
    Size stride = Size.ONE;
    String source = real.get(0);
    LayerNode node = assembly.node(source);
    if (node != null
        && node.layer() instanceof MaxPool2d pool
        && pool.kernel().equals(Size.ONE)
        && pool.padding().equals(Padding.NONE)) {
      stride = pool.stride();
      source = node.inputs().get(0);
    }
    PadShortcut layer = new PadShortcut((int) channels, stride);
    if (layer.firstChannel(assembly.shape(source)) != before) {
      throw json.wrong("as many zeros before as behind");
    }
    return assembly.add(name, layer, List.of(source));
  }

  private String tensor(Value value, JsonPlace json) {
    if (value instanceof Value.Tensor tensor) {
      return tensor.layer();
    }
    throw json.wrong("an input that is no zero padding and no zeros");
  }

  private Value preprocessed(JsonPlace json, Value input, Supplier<String> name) {
    String from = tensor(input, json);
    Shape shape = assembly.shape(from);
    if (!json.get("format").text("NCHW").equals("NCHW")) {
      throw json.get("format").wrong("NCHW, Convoy has no other order");
    }
    Shape map = map(json);
    return switch (json.type()) {
      case "CnnToFeedForwardPreProcessor" -> {
        if (!shape.isSpatial() && shape.elements() == map.elements()) {
          yield input;
        }
        if (!shape.equals(map)) {
          throw json.wrong("a feature map of " + shape);
        }
        yield assembly.add(name.get(), new Flatten(), List.of(from));
      }
      case "FeedForwardToCnnPreProcessor" -> {
        LayerNode node = assembly.node(from);
        if (shape.equals(map)) {
          yield input;
        }
        // Back to what was flattened.
        if (node != null
            && node.layer() instanceof Flatten
            && assembly.shape(node.inputs().get(0)).equals(map)) {
          yield new Value.Tensor(node.inputs().get(0));
        }
        throw json.wrong("a map of the shape %s that comes in".formatted(shape));
      }
      default -> throw json.wrong("a preprocessor");
    };
  }

  /** The feature map that a preprocessor makes or takes apart. */
  static Shape map(JsonPlace json) {
    try {
      return Shape.of(
          json.get("numChannels").integer(),
          json.get("inputHeight").integer(),
          json.get("inputWidth").integer());
    } catch (IllegalArgumentException e) {
      throw json.wrong("numChannels, inputHeight and inputWidth of a feature map");
    }
  }
}
