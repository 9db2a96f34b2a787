package org.convoyml.dl4j.exchange;

import java.util.List;
import java.util.Optional;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;

/**
 * The shape of one example. A configuration does not say it, but for a preprocessor that makes
 * images of rows of pixels.
 */
final class InputShape {
  private InputShape() {}

  /**
   * Finds it.
   *
   * @param given what the user says
   * @param origin the configuration, for messages
   * @throws ConvoyException if nobody says it, or both say something else
   */
  static Shape find(Dl4jGraph graph, Optional<Shape> given, String origin) {
    List<Dl4jGraph.Vertex> first =
        graph.vertices().stream()
            .filter(vertex -> vertex.inputs().contains(graph.input()))
            .toList();
    for (Dl4jGraph.Vertex vertex : first) {
      JsonPlace preprocessor =
          vertex.isLayer() ? vertex.preprocessor() : vertex.json().get("preProcessor");
      if (preprocessor.isPresent() && preprocessor.type().equals("FeedForwardToCnnPreProcessor")) {
        Shape stated = VertexImport.map(preprocessor);
        if (given.isPresent() && !given.get().equals(stated)) {
          throw preprocessor.wrong("images of %s, as --input says".formatted(given.get()));
        }
        return stated;
      }
    }
    return given.orElseThrow(
        () ->
            new ConvoyException(
                "%s: does not say how large images are, expected --input C,H,W%s"
                    .formatted(origin, hint(first))));
  }

  /** What the first layer says of its input. */
  private static String hint(List<Dl4jGraph.Vertex> first) {
    for (Dl4jGraph.Vertex vertex : first) {
      JsonPlace inputs = vertex.json().get("nin");
      if (vertex.isLayer() && inputs.isPresent() && inputs.integer() > 0) {
        String type = vertex.json().type();
        return type.equals("DenseLayer") || type.equals("OutputLayer")
            ? " of %d numbers".formatted(inputs.integer())
            : " with C = %d".formatted(inputs.integer());
      }
    }
    return "";
  }
}
