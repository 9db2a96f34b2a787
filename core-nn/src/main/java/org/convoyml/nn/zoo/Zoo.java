package org.convoyml.nn.zoo;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;

/** Networks by name. */
public final class Zoo {
  private static final SortedMap<String, Builder> BUILDERS = builders();

  /** Builds a network for an input shape {@code (C, H, W)} and a number of classes. */
  @FunctionalInterface
  private interface Builder {
    NetworkSpec build(Shape input, int classes);
  }

  private Zoo() {}

  private static SortedMap<String, Builder> builders() {
    SortedMap<String, Builder> builders = new TreeMap<>();
    builders.put("lenet", LeNet::network);
    return builders;
  }

  /** The names, sorted. */
  public static List<String> names() {
    return List.copyOf(BUILDERS.keySet());
  }

  /**
   * Builds a network.
   *
   * @throws ConvoyException if there is none of this name, or it cannot be built for this input
   */
  public static NetworkSpec build(String name, Shape input, int classes) {
    Builder builder = BUILDERS.get(name);
    if (builder == null) {
      throw new ConvoyException(
          "no model is named '%s', there are: %s".formatted(name, String.join(", ", names())));
    }
    try {
      return builder.build(input, classes);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException(
          "%s cannot take images of %s: %s".formatted(name, input, e.getMessage()), e);
    }
  }
}
