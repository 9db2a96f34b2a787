package org.convoyml.nn.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterSpec;
import org.convoyml.nn.spec.Shape;

/**
 * What a network is made of, layer by layer.
 *
 * @param rows one for each layer, in order of computation
 * @param parameters all of them, without running statistics
 * @param multiplyAdds of one example
 */
public record NetworkSummary(List<Row> rows, long parameters, long multiplyAdds) {
  public NetworkSummary {
    rows = List.copyOf(rows);
  }

  /**
   * One layer.
   *
   * @param name in the network
   * @param kind for example {@code Conv2d 3×3, stride 2}
   * @param output shape of one example
   * @param parameters without running statistics
   * @param multiplyAdds of one example
   */
  public record Row(String name, String kind, Shape output, long parameters, long multiplyAdds) {}

  /** Looks at every layer. */
  public static NetworkSummary of(NetworkSpec network) {
    Map<String, Shape> shapes = network.shapes();
    List<Row> rows = new ArrayList<>();
    for (LayerNode node : network.layers()) {
      List<Shape> inputs = NetworkSpec.inputShapes(node, shapes);
      long parameters =
          node.layer().parameters(inputs).stream()
              .filter(parameter -> parameter.kind().isTrainable())
              .mapToLong(ParameterSpec::elements)
              .sum();
      rows.add(
          new Row(
              node.name(),
              node.layer().description(),
              shapes.get(node.name()),
              parameters,
              node.layer().multiplyAdds(inputs)));
    }
    return new NetworkSummary(
        rows,
        rows.stream().mapToLong(Row::parameters).sum(),
        rows.stream().mapToLong(Row::multiplyAdds).sum());
  }
}
