package org.convoyml.nn.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;

/**
 * Networks that nobody would draw: any layer behind any other, read by any number of others, with
 * outputs and frozen layers anywhere. Written-down cases show what one thought of; these show what
 * one did not.
 */
final class RandomNetworks {
  private static final int SIDE = 9;

  private final KeyedRandom random;
  private final Shape input;
  private final List<LayerNode> layers = new ArrayList<>();
  private final List<String> names = new ArrayList<>(List.of(NetworkSpec.INPUT));
  private final List<Shape> shapes = new ArrayList<>();

  private RandomNetworks(long seed) {
    this.random = KeyedRandom.of(seed, 77);
    this.input =
        Shape.of(1 + random.nextInt(4), 1 + random.nextInt(SIDE), 1 + random.nextInt(SIDE));
    shapes.add(input);
  }

  /** The same network for the same seed. */
  static NetworkSpec network(long seed) {
    return new RandomNetworks(seed).build("random " + seed);
  }

  private NetworkSpec build(String name) {
    int count = 4 + random.nextInt(10);
    for (int i = 0; i < count; i++) {
      addAnything();
    }
    List<OutputSpec> outputs = new ArrayList<>();
    outputs.add(output("class", newest(), false));
    if (random.nextBoolean(0.3)) {
      outputs.add(output("side", random.nextInt(shapes.size()), random.nextBoolean(0.5)));
    }
    NetworkSpec all = new NetworkSpec(name, input, layers, outputs);
    double share = random.nextBoolean(0.3) ? random.nextDouble() : 0;
    Set<String> frozen = new TreeSet<>();
    for (LayerNode node : layers) {
      if (random.nextBoolean(share)) {
        frozen.add(node.name());
      }
    }
    return all.withFrozen(frozen::contains);
  }

  /** A classifier of three classes behind the given layer, which sometimes is the output itself. */
  private OutputSpec output(String name, int from, boolean trainingOnly) {
    int features = from;
    if (shapes.get(from).isSpatial()) {
      features =
          add(pick(List.of(new Flatten(), new GlobalAveragePool(), new GlobalMaxPool())), from);
    }
    if (shapes.get(features).channels() != 3) {
      features = add(Dense.of(3), features);
    }
    return new OutputSpec(
        name, names.get(features), new SoftmaxCrossEntropy(0.1f, List.of()), 0.8f, trainingOnly);
  }

  private void addAnything() {
    int from = random.nextBoolean(0.75) ? newest() : random.nextInt(shapes.size());
    Shape shape = shapes.get(from);
    double choice = random.nextDouble();
    if (choice < 0.25) {
      add(pick(ActivationCases.ALL), from);
    } else if (choice < 0.4) {
      addJoin(from);
    } else if (choice < 0.45) {
      add(new Dropout(pick(List.of(0f, 0.3f))), from);
    } else if (shape.isSpatial()) {
      addToMaps(from, shape);
    } else {
      addToFeatures(from);
    }
  }

  private void addToFeatures(int from) {
    add(
        new Dense(pick(List.of(1, 3, 8, 17)), random.nextBoolean(0.7), Initializer.HE_NORMAL),
        from);
  }

  private void addToMaps(int from, Shape shape) {
    int channels = shape.channels();
    Size window = size(shape, 3);
    Size stride = new Size(1 + random.nextInt(2), 1 + random.nextInt(3));
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> add(convolution(shape, stride), from);
      case 3 -> add(new BatchNorm(1e-2f, 0.1f), from);
      case 4 -> add(new MaxPool2d(window, stride, border(window), random.nextBoolean(0.5)), from);
      case 5 ->
          add(
              new AveragePool2d(
                  window, stride, border(window), random.nextBoolean(0.5), random.nextBoolean(0.5)),
              from);
      case 6 -> add(new PadShortcut(channels + random.nextInt(6), stride), from);
      case 7 -> add(new LocalResponseNorm(pick(List.of(1, 3, 5)), 0.5f, 0.75f, 1), from);
      default ->
          add(pick(List.of(new Flatten(), new GlobalAveragePool(), new GlobalMaxPool())), from);
    }
  }

  private Conv2d convolution(Shape shape, Size stride) {
    int channels = shape.channels();
    int groups = channels % 3 == 0 && random.nextBoolean(0.3) ? 3 : 1;
    groups = random.nextBoolean(0.2) ? channels : groups;
    int filters = groups * pick(List.of(1, 1, 2, 3, 6));
    Size kernel = size(shape, 4);
    boolean dilated =
        (kernel.height() - 1) * 2 < shape.height() && (kernel.width() - 1) * 2 < shape.width();
    return new Conv2d(
        filters,
        kernel,
        stride,
        random.nextBoolean(0.3) ? Padding.SAME : new Padding(any(3), any(3), any(3), any(3)),
        dilated && random.nextBoolean(0.3) ? Size.square(2) : Size.ONE,
        groups,
        random.nextBoolean(0.5),
        Initializer.HE_NORMAL);
  }

  /** A sum or a concatenation with others of fitting shape, or with itself. */
  private void addJoin(int from) {
    boolean sum = random.nextBoolean(0.5);
    Shape shape = shapes.get(from);
    List<String> inputs = new ArrayList<>(List.of(names.get(from)));
    for (int i = 0; i < shapes.size(); i++) {
      Shape other = shapes.get(i);
      boolean fits =
          sum
              ? other.equals(shape)
              : other.isSpatial() == shape.isSpatial()
                  && other.height() == shape.height()
                  && other.width() == shape.width();
      if (fits && random.nextBoolean(0.5)) {
        inputs.add(random.nextInt(inputs.size() + 1), names.get(i));
      }
    }
    if (inputs.size() == 1) {
      inputs.add(names.get(from));
    }
    add(sum ? new Add() : new Concat(), inputs);
  }

  private int add(LayerSpec layer, int from) {
    return add(layer, List.of(names.get(from)));
  }

  private int add(LayerSpec layer, List<String> inputs) {
    Shape shape =
        layer.outputShape(inputs.stream().map(name -> shapes.get(names.indexOf(name))).toList());
    if (shape.elements() > 3000) {
      return newest();
    }
    String name = "l" + layers.size() + layer.getClass().getSimpleName();
    layers.add(new LayerNode(name, layer, inputs));
    names.add(name);
    shapes.add(shape);
    return newest();
  }

  private int newest() {
    return shapes.size() - 1;
  }

  private Size size(Shape shape, int most) {
    return new Size(
        1 + random.nextInt(Math.min(most, shape.height())),
        1 + random.nextInt(Math.min(most, shape.width())));
  }

  private Padding border(Size window) {
    if (random.nextBoolean(0.3)) {
      return Padding.SAME;
    }
    return new Padding(
        any(window.height()), any(window.width()), any(window.height()), any(window.width()));
  }

  private int any(int end) {
    return random.nextInt(end);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
