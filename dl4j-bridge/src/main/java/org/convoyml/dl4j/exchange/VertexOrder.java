package org.convoyml.dl4j.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The topological order in which a {@code ComputationGraph} has its parameters. Since 1.0.0-beta4
 * the configuration says it; before, it follows from the order of the vertices in the file.
 */
final class VertexOrder {
  private final String input;
  private final Map<String, Dl4jGraph.Vertex> vertices;
  private final JsonPlace stated;

  /**
   * @param vertices by name, in the order of the file
   * @param stated the order that the configuration says; may be missing
   */
  VertexOrder(String input, Map<String, Dl4jGraph.Vertex> vertices, JsonPlace stated) {
    this.input = input;
    this.vertices = vertices;
    this.stated = stated;
  }

  /**
   * All vertices, each behind its inputs.
   *
   * @throws org.convoyml.nn.ConvoyException if there is a cycle, an input is unknown, or the stated
   *     order is none
   */
  List<Dl4jGraph.Vertex> vertices() {
    List<String> names =
        stated.isPresent() ? stated.elements().stream().map(JsonPlace::text).toList() : computed();
    List<Dl4jGraph.Vertex> ordered = new ArrayList<>();
    Set<String> before = new HashSet<>();
    for (String name : names) {
      Dl4jGraph.Vertex vertex = vertices.get(name);
      if (!before.add(name) || (vertex == null && !name.equals(input))) {
        throw stated.wrong("every vertex once, and no '%s'".formatted(Printable.of(name)));
      }
      if (vertex != null) {
        if (!before.containsAll(vertex.inputs())) {
          throw vertex
              .json()
              .wrong(
                  "inputs among earlier vertices, but they are "
                      + Printable.of(vertex.inputs().toString()));
        }
        ordered.add(vertex);
      }
    }
    if (ordered.size() != vertices.size()) {
      throw stated.wrong(
          "an order of %d vertices without cycles, but %d have one"
              .formatted(vertices.size(), ordered.size()));
    }
    return ordered;
  }

  /**
   * Kahn's algorithm on numbered vertices, with collections that iterate as Deeplearning4j's do:
   * the order of vertices that could change places depends on them.
   */
  private List<String> computed() {
    List<String> names = new ArrayList<>(List.of(input));
    names.addAll(vertices.keySet());
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      numbers.put(names.get(i), i);
    }
    Map<Integer, Set<Integer>> inputs = new HashMap<>();
    Map<Integer, Set<Integer>> outputs = new HashMap<>();
    for (Dl4jGraph.Vertex vertex : vertices.values()) {
      int number = numbers.get(vertex.name());
      Set<Integer> edges = new HashSet<>();
      for (String from : vertex.inputs()) {
        Integer source = numbers.get(from);
        if (source == null) {
          throw vertex
              .json()
              .wrong("inputs among the vertices, but one is '%s'".formatted(Printable.of(from)));
        }
        edges.add(source);
        outputs.computeIfAbsent(source, unused -> new HashSet<>()).add(number);
      }
      inputs.put(number, edges);
    }
    List<String> order = new ArrayList<>();
    Deque<Integer> free = new ArrayDeque<>(List.of(0));
    while (!free.isEmpty()) {
      int next = free.removeFirst();
      order.add(names.get(next));
      for (int user : outputs.getOrDefault(next, Set.of())) {
        inputs.get(user).remove(next);
        if (inputs.get(user).isEmpty()) {
          free.addLast(user);
        }
      }
    }
    return order;
  }
}
