package org.convoyml.nn.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;
import org.convoyml.nn.spec.Tanh;

/**
 * Awkward networks. A layer under test follows a trainable layer, whose gradient is right only if
 * the layer's {@code dX} is.
 */
public final class EngineCases {
  private static final List<Integer> ANY_BATCH = List.of(1, 2, 5);

  /**
   * Batch norm over single numbers needs a variance worth the name: with few examples the gradients
   * nearly cancel and say nothing in single precision.
   */
  private static final List<Integer> LARGE_BATCH = List.of(6, 9);

  private EngineCases() {}

  /** All of them. */
  public static List<EngineCase> all() {
    return Stream.of(
            convolutions(),
            maxPools(),
            averagePools(),
            pointwise(),
            batchNorms(),
            graphs(),
            ActivationCases.all(),
            RoutingCases.all(),
            TrainingCases.all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<EngineCase> convolutions() {
    List<EngineCase> cases = new ArrayList<>();
    for (int channels : new int[] {1, 3, 5, 17}) {
      for (int filters : new int[] {1, 17}) {
        cases.add(
            onMaps(
                "convolution from %d to %d channels".formatted(channels, filters),
                channels,
                Conv2d.of(filters, 3).withPadding(1)));
      }
    }
    cases.add(onMaps("1×1 convolution with stride 2", 3, Conv2d.of(5, 1).withStride(2)));
    cases.add(
        onMaps(
            "convolution without bias by a kernel as large as the input",
            3,
            conv(4, new Size(7, 6), Size.ONE, Padding.NONE, Size.ONE, 1).withoutBias()));
    cases.add(
        onMaps(
            "2×5 kernel, asymmetric padding",
            3,
            conv(5, new Size(2, 5), Size.ONE, new Padding(1, 0, 0, 3), Size.ONE, 1)));
    cases.add(
        onMaps(
            "strides that do not divide",
            3,
            conv(5, new Size(3, 2), new Size(3, 4), new Padding(0, 1, 1, 0), Size.ONE, 1)));
    cases.add(
        onMaps(
            "dilated convolution",
            3,
            conv(5, new Size(2, 3), Size.ONE, Padding.all(1), new Size(3, 2), 1)));
    cases.add(
        onMaps(
            "dilated convolution with stride 2",
            5,
            conv(3, Size.square(3), Size.square(2), new Padding(2, 1, 1, 2), Size.square(2), 1)));
    cases.add(
        onMaps(
            "convolution in 3 groups",
            6,
            conv(9, Size.square(3), Size.ONE, Padding.all(1), Size.ONE, 3)));
    cases.add(
        onMaps(
            "depthwise convolution",
            5,
            conv(5, Size.square(3), Size.square(2), Padding.all(1), Size.ONE, 5)));
    cases.add(
        onMaps(
            "depthwise convolution with 2 filters a channel",
            17,
            conv(34, Size.square(3), Size.ONE, Padding.NONE, Size.ONE, 17).withoutBias()));
    return cases;
  }

  private static List<EngineCase> maxPools() {
    Size two = Size.square(2);
    Size three = Size.square(3);
    return List.of(
        onMaps("max pool", 3, MaxPool2d.of(2)),
        onMaps("max pool, overlapping", 17, new MaxPool2d(three, two, Padding.NONE, false)),
        onMaps("max pool, padded", 5, new MaxPool2d(three, two, Padding.all(1), false)),
        onMaps(
            "max pool, asymmetric padding, 2×3 kernel",
            3,
            new MaxPool2d(new Size(2, 3), Size.ONE, new Padding(0, 2, 1, 0), false)),
        onMaps("max pool, ceil mode", 1, new MaxPool2d(two, new Size(2, 4), Padding.NONE, true)),
        onMaps("max pool, padded, ceil mode", 3, new MaxPool2d(three, two, Padding.all(1), true)),
        onMaps(
            "max pool, ceil mode, longer than the map",
            3,
            new MaxPool2d(new Size(9, 8), new Size(4, 3), Padding.NONE, true)),
        onMaps("max pool, gaps", 3, new MaxPool2d(two, three, Padding.NONE, true)));
  }

  private static List<EngineCase> averagePools() {
    Size two = Size.square(2);
    Size three = Size.square(3);
    Padding uneven = new Padding(0, 2, 1, 0);
    return List.of(
        onMaps("average pool", 3, AveragePool2d.of(2)),
        onMaps(
            "average pool of the whole map",
            17,
            new AveragePool2d(new Size(7, 6), Size.ONE, Padding.NONE, false, false)),
        onMaps(
            "average pool, overlapping, padded",
            5,
            new AveragePool2d(three, two, Padding.all(1), false, false)),
        onMaps(
            "average pool, padding counts",
            5,
            new AveragePool2d(three, two, Padding.all(1), false, true)),
        onMaps(
            "average pool, asymmetric padding, 2×3 kernel",
            3,
            new AveragePool2d(new Size(2, 3), Size.ONE, uneven, false, false)),
        onMaps(
            "average pool, asymmetric padding counts",
            3,
            new AveragePool2d(new Size(2, 3), two, uneven, false, true)),
        onMaps(
            "average pool, ceil mode",
            3,
            new AveragePool2d(two, new Size(2, 4), Padding.NONE, true, false)),
        onMaps(
            "average pool, ceil mode, longer than the map, padding counts",
            3,
            new AveragePool2d(new Size(10, 8), new Size(4, 3), Padding.all(1), true, true)),
        onMaps(
            "average pool, ceil mode, padding counts",
            1,
            new AveragePool2d(three, two, Padding.all(1), true, true)));
  }

  private static List<EngineCase> pointwise() {
    return List.of(
        onMaps("relu of maps", 5, new Relu()),
        onMaps("tanh of maps", 3, new Tanh()),
        onFeatures("relu of features", 17, new Relu()),
        onFeatures("tanh of features", 5, new Tanh()),
        onFeatures("dense of one unit", 3, Dense.of(1)),
        onFeatures("dense without bias", 5, new Dense(17, false, Initializer.XAVIER_UNIFORM)),
        onFeatures("dense of one input", 1, Dense.of(17)));
  }

  private static List<EngineCase> batchNorms() {
    return List.of(
        onMaps("batch norm of maps", 5, BatchNorm.standard()),
        onMaps("batch norm of one map", 1, new BatchNorm(1e-3f, 0.5f)),
        new EngineCase(
            "batch norm of features",
            network(Shape.of(4))
                .add("before", new Dense(5, false, Initializer.HE_NORMAL))
                .add("norm", BatchNorm.standard())
                .add("tanh", new Tanh())
                .add("last", Dense.of(3))
                .classify("class")
                .build(),
            LARGE_BATCH),
        anyBatch(
            "batch norm of the input",
            network(Shape.of(3, 5, 4))
                .add("norm", BatchNorm.standard())
                .add("conv", Conv2d.of(4, 3))
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "batch norm then relu, both used again",
            network(Shape.of(3, 6, 5))
                .add("conv", Conv2d.of(5, 3).withoutBias())
                .add("norm", BatchNorm.standard())
                .add("relu", new Relu())
                .add("sum", new Add(), "relu", "norm")
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch("small residual network", smallResidualNetwork()));
  }

  private static List<EngineCase> graphs() {
    return List.of(
        anyBatch("narrow LeNet", narrowLeNet()),
        anyBatch(
            "only a dense layer on the input",
            network(Shape.of(7)).add("dense", Dense.of(3)).classify("class").build()),
        anyBatch(
            "relu as the output",
            network(Shape.of(2, 3, 3))
                .add("flatten", new Flatten())
                .add("dense", Dense.of(4))
                .add("relu", new Relu())
                .classify("class")
                .build()),
        anyBatch(
            "a convolution used by three layers",
            network(Shape.of(3, 6, 5))
                .add("conv", Conv2d.of(5, 3))
                .add("relu", new Relu(), "conv")
                .add("tanh", new Tanh(), "conv")
                .add("sum", new Add(), "relu", "conv", "tanh")
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "a layer added to itself",
            network(Shape.of(2, 4, 4))
                .add("conv", Conv2d.of(3, 3))
                .add("twice", new Add(), "conv", "conv")
                .add("relu", new Relu())
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "the input used by two layers",
            network(Shape.of(3, 5, 4))
                .add("left", Conv2d.of(3, 3).withPadding(1), NetworkSpec.INPUT)
                .add("right", Conv2d.of(3, 1), NetworkSpec.INPUT)
                .add("sum", new Add(), "left", "right", NetworkSpec.INPUT)
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch("two weighted outputs", TestNetworks.twoOutputs()),
        anyBatch("two outputs of one layer", TestNetworks.twoOutputsOfOneLayer()),
        anyBatch(
            "a layer that no output needs",
            network(Shape.of(2, 4, 4))
                .add("conv", Conv2d.of(3, 3))
                .add("relu", new Relu())
                .add("unused", Conv2d.of(2, 2))
                .add("flatten", new Flatten(), "relu")
                .add("last", Dense.of(3))
                .classify("class")
                .build()));
  }

  public static NetworkSpec narrowLeNet() {
    return network(Shape.of(1, 16, 16))
        .add("conv1", Conv2d.of(3, 5))
        .add("relu1", new Relu())
        .add("pool1", MaxPool2d.of(2))
        .add("conv2", Conv2d.of(5, 5))
        .add("relu2", new Relu())
        .add("pool2", MaxPool2d.of(2))
        .add("flatten", new Flatten())
        .add("dense1", Dense.of(11))
        .add("relu3", new Relu())
        .add("dense2", Dense.of(4))
        .classify("class")
        .build();
  }

  /** Two blocks: one with an identity shortcut, one that halves the map with a 1×1 shortcut. */
  static NetworkSpec smallResidualNetwork() {
    Conv2d three = Conv2d.of(4, 3).withPadding(1).withoutBias();
    Conv2d wide = Conv2d.of(6, 3).withPadding(1).withoutBias();
    return network(Shape.of(3, 5, 6))
        .add("conv0", three)
        .add("norm0", BatchNorm.standard())
        .add("relu0", new Relu())
        .add("conv1", three)
        .add("norm1", BatchNorm.standard())
        .add("relu1", new Relu())
        .add("conv2", three)
        .add("norm2", BatchNorm.standard())
        .add("sum1", new Add(), "norm2", "relu0")
        .add("relu2", new Relu())
        .add("conv3", wide.withStride(2))
        .add("norm3", BatchNorm.standard())
        .add("shortcut", Conv2d.of(6, 1).withStride(2).withoutBias(), "relu2")
        .add("norm4", BatchNorm.standard())
        .add("sum2", new Add(), "norm3", "norm4")
        .add("relu3", new Relu())
        .add("pool", new AveragePool2d(Size.square(3), Size.ONE, Padding.NONE, false, false))
        .add("flatten", new Flatten())
        .add("last", Dense.of(4))
        .classify("class")
        .build();
  }

  /** The layer between a convolution that makes {@code channels×7×6} maps and a classifier. */
  static EngineCase onMaps(String name, int channels, LayerSpec layer) {
    return anyBatch(
        name,
        network(Shape.of(2, 8, 7))
            // Without bias, whose gradient would be zero but for rounding in front of a batch norm.
            .add("before", Conv2d.of(channels, 2).withoutBias())
            .add("tested", layer)
            .add("flatten", new Flatten())
            .add("last", Dense.of(3))
            .classify("class")
            .build());
  }

  /** The layer between a dense layer that makes {@code channels} features and a classifier. */
  static EngineCase onFeatures(String name, int channels, LayerSpec layer) {
    return anyBatch(
        name,
        network(Shape.of(4))
            .add("before", Dense.of(channels))
            .add("tested", layer)
            .add("last", Dense.of(3))
            .classify("class")
            .build());
  }

  static EngineCase anyBatch(String name, NetworkSpec network) {
    return new EngineCase(name, network, ANY_BATCH);
  }

  static NetworkSpec.Builder network(Shape input) {
    return NetworkSpec.builder("case", input);
  }

  static Conv2d conv(
      int filters, Size kernel, Size stride, Padding padding, Size dilation, int groups) {
    return new Conv2d(
        filters, kernel, stride, padding, dilation, groups, true, Initializer.HE_NORMAL);
  }
}
