package org.convoyml.nn.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where every tensor of a network lies in its one flat vector: layer by layer in order of
 * computation, without gaps, in canonical row-major order (OIHW for convolutions). The gradient has
 * the same layout; where parameters hold a running statistic, the gradient holds the micro-batch's
 * statistic times its number of examples.
 */
public final class ParameterLayout {
  private final List<ParameterSlice> slices;
  private final Map<String, ParameterSlice> byName = new LinkedHashMap<>();
  private final int size;

  private ParameterLayout(List<ParameterSlice> slices, int size) {
    this.slices = List.copyOf(slices);
    this.size = size;
    slices.forEach(slice -> byName.put(slice.name(), slice));
  }

  /**
   * The layout of a network's parameters.
   *
   * @throws IllegalArgumentException if the network has more than 2^31−1 parameters
   */
  public static ParameterLayout of(NetworkSpec network) {
    Map<String, Shape> shapes = network.shapes();
    List<ParameterSlice> slices = new ArrayList<>();
    long offset = 0;
    for (LayerNode node : network.layers()) {
      for (ParameterSpec spec : parameters(node, shapes)) {
        slices.add(
            new ParameterSlice(
                node.name() + "." + spec.name(),
                spec,
                (int) offset,
                network.frozen().contains(node.name())));
        offset += spec.elements();
        if (offset > Integer.MAX_VALUE) {
          throw new IllegalArgumentException(
              node.name() + ": the network has more than 2^31-1 parameters");
        }
      }
    }
    return new ParameterLayout(slices, (int) offset);
  }

  private static List<ParameterSpec> parameters(LayerNode node, Map<String, Shape> shapes) {
    try {
      return node.layer().parameters(NetworkSpec.inputShapes(node, shapes));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(node.name() + ": " + e.getMessage(), e);
    }
  }

  /** All slices, by ascending offset. */
  public List<ParameterSlice> slices() {
    return slices;
  }

  /**
   * The slice of this name.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public ParameterSlice slice(String name) {
    ParameterSlice slice = byName.get(name);
    if (slice == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return slice;
  }

  /** Length of the flat vector, running statistics included. */
  public int size() {
    return size;
  }

  /**
   * How many parameters there are, frozen ones too, but not running statistics; what papers call
   * the number of parameters.
   */
  public int parameterCount() {
    return slices.stream()
        .filter(slice -> slice.spec().kind().isTrainable())
        .mapToInt(ParameterSlice::length)
        .sum();
  }
}
