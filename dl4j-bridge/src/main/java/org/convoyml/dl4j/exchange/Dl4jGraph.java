package org.convoyml.dl4j.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.convoyml.nn.ConvoyException;

/**
 * What {@code configuration.json} says: the configuration of a {@code MultiLayerNetwork}, whose
 * layers follow one another, or of a {@code ComputationGraph}.
 *
 * @param input name of the one input
 * @param vertices in the order in which their parameters lie in the flat vector
 * @param outputs names of the vertices whose values are wanted, in order
 * @param iterations how many steps it was trained for
 */
record Dl4jGraph(String input, List<Vertex> vertices, List<String> outputs, long iterations) {
  /** Knows no classes; every name once. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * A place in the graph.
   *
   * @param name unique in the graph
   * @param label how the user called it
   * @param json what it is: a layer, or another vertex
   * @param isLayer which of both
   * @param preprocessor of a layer's input; may be missing
   * @param inputs names of vertices, or of the graph's input
   */
  record Vertex(
      String name,
      String label,
      JsonPlace json,
      boolean isLayer,
      JsonPlace preprocessor,
      List<String> inputs) {}

  /**
   * Reads it.
   *
   * @param origin for messages
   * @throws ConvoyException if it is not JSON, names a class that is not allowed, or is no network
   */
  static Dl4jGraph read(byte[] json, String origin) {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: not valid JSON: %s".formatted(origin, Printable.of(e.getOriginalMessage(), 200)), e);
    } catch (IOException e) {
      throw new ConvoyException("%s: not valid JSON: %s".formatted(origin, e.getMessage()), e);
    }
    JsonPlace root = JsonPlace.root(origin, node);
    AllowedClasses.check(root);
    long iterations = (long) Math.max(0, root.get("iterationCount").number(0));
    if (root.get("confs").isPresent()) {
      return sequence(root.get("confs"), root.get("inputPreProcessors"), iterations);
    }
    if (root.get("vertices").isPresent()) {
      return graph(root, iterations);
    }
    throw root.wrong("a MultiLayerNetwork's confs or a ComputationGraph's vertices");
  }

  private static Dl4jGraph sequence(
      JsonPlace configurations, JsonPlace preprocessors, long iterations) {
    String input = "input";
    List<Vertex> vertices = new ArrayList<>();
    String last = input;
    for (JsonPlace configuration : configurations.elements()) {
      JsonPlace layer = configuration.get("layer");
      int index = vertices.size();
      String name = String.valueOf(index);
      vertices.add(
          new Vertex(
              name,
              layer.get("layerName").text("layer" + index),
              layer,
              true,
              preprocessors.get(name),
              List.of(last)));
      last = name;
    }
    if (vertices.isEmpty()) {
      throw configurations.wrong("layers");
    }
    return new Dl4jGraph(input, vertices, List.of(last), iterations);
  }

  private static Dl4jGraph graph(JsonPlace root, long iterations) {
    List<JsonPlace> inputs = root.get("networkInputs").elements();
    if (inputs.size() != 1) {
      throw root.get("networkInputs").wrong("the name of one input");
    }
    String input = inputs.get(0).text();
    Map<String, Vertex> vertices = new LinkedHashMap<>();
    for (String name : root.get("vertices").fields()) {
      vertices.put(name, vertex(name, root));
    }
    List<Vertex> ordered =
        new VertexOrder(input, vertices, root.get("topologicalOrderStr")).vertices();
    List<String> outputs =
        root.get("networkOutputs").elements().stream().map(JsonPlace::text).toList();
    return new Dl4jGraph(input, ordered, outputs, iterations);
  }

  private static Vertex vertex(String name, JsonPlace root) {
    JsonPlace json = root.get("vertices").get(name);
    boolean isLayer = json.type().equals("LayerVertex");
    return new Vertex(
        name,
        name,
        isLayer ? json.get("layerConf").get("layer") : json,
        isLayer,
        json.get("preProcessor"),
        root.get("vertexInputs").get(name).elements().stream().map(JsonPlace::text).toList());
  }
}
