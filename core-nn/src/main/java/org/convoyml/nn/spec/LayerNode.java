package org.convoyml.nn.spec;

import java.util.List;
import java.util.Objects;

/**
 * A layer at its place in the graph.
 *
 * @param name unique in the network; letters, digits, {@code _}, {@code -} and {@code .}
 * @param layer what it computes
 * @param inputs names of earlier layers, or {@link NetworkSpec#INPUT}
 */
public record LayerNode(String name, LayerSpec layer, List<String> inputs) {
  public LayerNode {
    Objects.requireNonNull(layer, () -> name + ": no layer");
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    if (name == null || !name.matches("[A-Za-z0-9_.-]+")) {
      throw new IllegalArgumentException(
          "a layer's name has letters, digits, '_', '-' and '.', got '" + name + "'");
    }
  }
}
