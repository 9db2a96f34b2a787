package org.convoyml.nn.zoo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;

/** Networks by name. */
public final class Zoo {
  private static final Shape GREY_28 = Shape.of(1, 28, 28);
  private static final Shape COLOUR_32 = Shape.of(3, 32, 32);
  private static final Shape COLOUR_224 = Shape.of(3, 224, 224);
  private static final Shape COLOUR_299 = Shape.of(3, 299, 299);

  private static final Map<String, Entry> ENTRIES = entries();

  /**
   * A network of the zoo.
   *
   * @param name by which users choose it
   * @param input the published input shape {@code (C, H, W)}
   * @param classes the published number of classes
   * @param builder for an input shape and a number of classes
   */
  public record Entry(
      String name, Shape input, int classes, BiFunction<Shape, Integer, NetworkSpec> builder) {
    /**
     * Builds it for other images and classes.
     *
     * @throws ConvoyException if it cannot be built for this input
     */
    public NetworkSpec build(Shape otherInput, int otherClasses) {
      try {
        return builder.apply(otherInput, otherClasses);
      } catch (IllegalArgumentException e) {
        throw new ConvoyException(
            "%s cannot take images of %s: %s".formatted(name, otherInput, e.getMessage()), e);
      }
    }

    /** As it was published. */
    public NetworkSpec published() {
      return build(input, classes);
    }
  }

  private Zoo() {}

  private static Map<String, Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    add(entries, "lenet", GREY_28, 10, LeNet::network);
    add(entries, "lenet5", Shape.of(1, 32, 32), 10, LeNet5::network);
    for (int depth : new int[] {20, 32, 44, 56, 110}) {
      add(entries, "resnet" + depth, COLOUR_32, 10, (i, c) -> CifarResNet.network(depth, i, c));
    }
    add(entries, "resnet9", COLOUR_32, 10, ResNet9::network);
    for (int depth : new int[] {11, 13, 16, 19}) {
      add(entries, "vgg" + depth, COLOUR_224, 1000, (i, c) -> Vgg.network(depth, i, c));
    }
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      add(entries, "resnet" + depth, COLOUR_224, 1000, (i, c) -> ResNet.network(depth, i, c));
    }
    add(entries, "inception_v3", COLOUR_299, 1000, (i, c) -> InceptionV3.network(i, c, true));
    add(entries, "xception", COLOUR_299, 1000, Xception::network);
    add(entries, "mobilenet_v1", COLOUR_224, 1000, MobileNetV1::network);
    add(entries, "mobilenet_v2", COLOUR_224, 1000, MobileNetV2::network);
    add(entries, "squeezenet1_1", COLOUR_224, 1000, SqueezeNet::network);
    return entries;
  }

  private static void add(
      Map<String, Entry> entries,
      String name,
      Shape input,
      int classes,
      BiFunction<Shape, Integer, NetworkSpec> builder) {
    entries.put(name, new Entry(name, input, classes, builder));
  }

  /** All networks: small ones first, families together. */
  public static List<Entry> all() {
    return List.copyOf(ENTRIES.values());
  }

  /** Their names, in the same order. */
  public static List<String> names() {
    return List.copyOf(ENTRIES.keySet());
  }

  /**
   * The network of this name.
   *
   * @throws ConvoyException if there is none
   */
  public static Entry named(String name) {
    Entry entry = ENTRIES.get(name);
    if (entry == null) {
      throw new ConvoyException(
          "no model is named '%s', there are: %s".formatted(name, String.join(", ", names())));
    }
    return entry;
  }

  /**
   * Builds a network.
   *
   * @throws ConvoyException if there is none of this name, or it cannot be built for this input
   */
  public static NetworkSpec build(String name, Shape input, int classes) {
    return named(name).build(input, classes);
  }
}
