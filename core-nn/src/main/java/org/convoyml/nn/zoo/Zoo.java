package org.convoyml.nn.zoo;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;

/** Networks by name. */
public final class Zoo {
  private static final Shape GREY_28 = Shape.of(1, 28, 28);
  private static final Shape COLOUR_32 = Shape.of(3, 32, 32);
  private static final Shape COLOUR_224 = Shape.of(3, 224, 224);
  private static final Shape COLOUR_299 = Shape.of(3, 299, 299);

  private static final String LECUN = "https://doi.org/10.1109/5.726791";
  private static final String HE = "https://arxiv.org/abs/1512.03385";
  private static final String SIMONYAN = "https://arxiv.org/abs/1409.1556";
  private static final String SZEGEDY = "https://arxiv.org/abs/1512.00567";
  private static final String CHOLLET = "https://arxiv.org/abs/1610.02357";
  private static final String HOWARD = "https://arxiv.org/abs/1704.04861";
  private static final String SANDLER = "https://arxiv.org/abs/1801.04381";
  private static final String IANDOLA = "https://arxiv.org/abs/1602.07360";
  private static final String PAGE = "https://github.com/davidcpage/cifar10-fast";

  private static final SortedMap<String, Entry> ENTRIES = entries();

  /**
   * A network of the zoo.
   *
   * @param name by which users choose it
   * @param input the published input shape {@code (C, H, W)}
   * @param classes the published number of classes
   * @param paper link to where it was published
   * @param builder for an input shape and a number of classes
   */
  public record Entry(
      String name,
      Shape input,
      int classes,
      String paper,
      BiFunction<Shape, Integer, NetworkSpec> builder) {
    /**
     * Builds it for other images and classes.
     *
     * @throws ConvoyException if it cannot be built for this input, because the images are too
     *     small
     */
    public NetworkSpec build(Shape otherInput, int otherClasses) {
      if (otherClasses < 1) {
        throw new ConvoyException(
            "%s: expected at least 1 class, got %d".formatted(name, otherClasses));
      }
      try {
        return builder.apply(otherInput, otherClasses);
      } catch (IllegalArgumentException e) {
        throw new ConvoyException(
            "%s cannot take images of %s%s: %s"
                .formatted(name, otherInput, wanted(otherInput), e.getMessage()),
            e);
      }
    }

    /** What size would do, where the size is to blame. */
    private String wanted(Shape refused) {
      if (!refused.isSpatial()) {
        return "";
      }
      int smaller = Math.min(refused.height(), refused.width());
      return IntStream.rangeClosed(1, Math.min(input.height(), input.width()))
          .filter(side -> builds(Shape.of(refused.channels(), side, side)))
          .limit(1)
          .filter(side -> side > smaller)
          .mapToObj(side -> ", it needs at least %1$d×%1$d".formatted(side))
          .findFirst()
          .orElse("");
    }

    private boolean builds(Shape square) {
      try {
        return builder.apply(square, classes).input().equals(square);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    /** As it was published. */
    public NetworkSpec published() {
      return build(input, classes);
    }
  }

  private Zoo() {}

  private static SortedMap<String, Entry> entries() {
    SortedMap<String, Entry> entries = new TreeMap<>(new NaturalOrder());
    add(entries, "lenet", GREY_28, 10, LECUN, LeNet::network);
    add(entries, "lenet5", Shape.of(1, 32, 32), 10, LECUN, LeNet5::network);
    for (int depth : new int[] {20, 32, 44, 56, 110}) {
      add(entries, "resnet" + depth, COLOUR_32, 10, HE, CifarResNet.of(depth)::network);
    }
    add(entries, "resnet9", COLOUR_32, 10, PAGE, ResNet9.standard()::network);
    for (int depth : new int[] {11, 13, 16, 19}) {
      add(entries, "vgg" + depth, COLOUR_224, 1000, SIMONYAN, Vgg.of(depth)::network);
    }
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      add(entries, "resnet" + depth, COLOUR_224, 1000, HE, ResNet.of(depth)::network);
    }
    add(entries, "inception_v3", COLOUR_299, 1000, SZEGEDY, InceptionV3::fitting);
    add(entries, "xception", COLOUR_299, 1000, CHOLLET, Xception.standard()::network);
    add(entries, "mobilenet_v1", COLOUR_224, 1000, HOWARD, MobileNetV1.standard()::network);
    add(entries, "mobilenet_v2", COLOUR_224, 1000, SANDLER, MobileNetV2.standard()::network);
    add(entries, "squeezenet1_1", COLOUR_224, 1000, IANDOLA, SqueezeNet.standard()::network);
    return entries;
  }

  private static void add(
      SortedMap<String, Entry> entries,
      String name,
      Shape input,
      int classes,
      String paper,
      BiFunction<Shape, Integer, NetworkSpec> builder) {
    entries.put(name, new Entry(name, input, classes, paper, builder));
  }

  /** All networks by name, numbers by their value: {@code resnet18} before {@code resnet101}. */
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
