package org.convoyml.nn.engine;

import static org.convoyml.nn.engine.EngineCases.anyBatch;
import static org.convoyml.nn.engine.EngineCases.conv;
import static org.convoyml.nn.engine.EngineCases.network;
import static org.convoyml.nn.engine.EngineCases.onFeatures;
import static org.convoyml.nn.engine.EngineCases.onMaps;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Gelu;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;
import org.convoyml.nn.spec.Tanh;

/** Layers that join, pick out, drop or normalise, and the shapes that real networks have. */
final class RoutingCases {
  private RoutingCases() {}

  static List<EngineCase> all() {
    List<EngineCase> cases = new ArrayList<>();
    cases.addAll(layers());
    cases.addAll(sameBorders());
    cases.addAll(concats());
    cases.addAll(blocks());
    cases.addAll(norms());
    cases.addAll(oneColumn());
    return cases;
  }

  private static List<EngineCase> layers() {
    Size two = Size.square(2);
    return List.of(
        onMaps("dropout of maps", 5, new Dropout(0.4f)),
        onFeatures("dropout of features", 17, new Dropout(0.5f)),
        onMaps("dropout of nothing", 3, new Dropout(0)),
        onMaps("response norm over 5 of 17", 17, new LocalResponseNorm(5, 0.5f, 0.75f, 1)),
        onMaps("response norm over 3 of 4", 4, new LocalResponseNorm(3, 0.2f, 0.5f, 2)),
        onMaps("response norm wider than the channels", 3, new LocalResponseNorm(9, 1, 1, 1)),
        onMaps("response norm of each channel alone", 5, new LocalResponseNorm(1, 0.5f, 0.75f, 1)),
        onMaps("response norm over 7 of 17", 17, new LocalResponseNorm(7, 0.5f, 0.75f, 1)),
        onMaps("shortcut by 2, more channels", 3, new PadShortcut(8, two)),
        onMaps("shortcut by 2, 17 to 34 channels", 17, new PadShortcut(34, two)),
        onMaps("shortcut of unequal steps", 5, new PadShortcut(5, new Size(3, 1))),
        onMaps("shortcut that changes nothing", 4, new PadShortcut(4, Size.ONE)),
        onMaps("global average pool", 17, new GlobalAveragePool()),
        onMaps("global average pool of one channel", 1, new GlobalAveragePool()),
        onMaps("global max pool", 5, new GlobalMaxPool()));
  }

  private static List<EngineCase> sameBorders() {
    Size three = Size.square(3);
    Size two = Size.square(2);
    return List.of(
        onMaps("same convolution", 3, Conv2d.of(5, 3).withPadding(Padding.SAME)),
        onMaps("same convolution by 2", 3, Conv2d.of(5, 3).withStride(2).withPadding(Padding.SAME)),
        onMaps(
            "same convolution, even kernel, dilated",
            3,
            conv(5, new Size(2, 4), Size.ONE, Padding.SAME, new Size(2, 1), 1)),
        onMaps("same max pool", 5, new MaxPool2d(three, two, Padding.SAME, false)),
        onMaps("same average pool", 5, new AveragePool2d(three, two, Padding.SAME, false, false)),
        onMaps(
            "same average pool, all of it",
            3,
            new AveragePool2d(two, two, Padding.SAME, false, true)),
        onMaps(
            "1×5 convolution",
            5,
            Conv2d.of(4, 1).withKernel(new Size(1, 5)).withPadding(Padding.SAME)),
        onMaps(
            "5×1 convolution",
            5,
            Conv2d.of(4, 1).withKernel(new Size(5, 1)).withPadding(Padding.SAME)));
  }

  private static List<EngineCase> concats() {
    return List.of(
        anyBatch(
            "concat of three, one of them twice, channels that fit no block",
            network(Shape.of(2, 5, 6))
                .add("a", Conv2d.of(3, 3).withPadding(1))
                .add("b", Conv2d.of(17, 3).withPadding(1), NetworkSpec.INPUT)
                .add("all", new Concat(), "a", "b", "a", NetworkSpec.INPUT)
                .add("mix", Conv2d.of(4, 1))
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "concat of whole blocks",
            network(Shape.of(2, 5, 6))
                .add("a", Conv2d.of(16, 3))
                .add("b", Conv2d.of(32, 3), NetworkSpec.INPUT)
                .add("all", new Concat(), "a", "b")
                .add("relu", new Relu())
                .add("pool", new GlobalAveragePool())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "concat of features of unequal origin",
            network(Shape.of(2, 5, 4))
                .add("flatten", new Flatten())
                .add("a", Dense.of(5))
                .add("conv", Conv2d.of(3, 2), NetworkSpec.INPUT)
                .add("b", new GlobalMaxPool())
                .add("all", new Concat(), "b", "a", "flatten")
                .add("last", Dense.of(3))
                .classify("class")
                .build()));
  }

  private static List<EngineCase> blocks() {
    return List.of(
        anyBatch(
            "inception block",
            network(Shape.of(3, 7, 7))
                .add("stem", Conv2d.of(6, 1))
                .add("one", Conv2d.of(4, 1).withoutBias(), "stem")
                .add("oneNorm", new BatchNorm(1e-3f, 0.1f))
                .add("oneRelu", new Relu())
                .add(
                    "wide",
                    Conv2d.of(5, 1).withKernel(new Size(1, 3)).withPadding(new Padding(0, 1, 0, 1)),
                    "stem")
                .add("wideRelu", new Relu())
                .add(
                    "tall",
                    Conv2d.of(5, 1).withKernel(new Size(3, 1)).withPadding(new Padding(1, 0, 1, 0)))
                .add("tallRelu", new Relu())
                .add(
                    "mean",
                    new AveragePool2d(Size.square(3), Size.ONE, Padding.all(1), false, true),
                    "stem")
                .add("meanConv", Conv2d.of(3, 1))
                .add("all", new Concat(), "oneRelu", "tallRelu", "meanConv")
                .add("pool", new GlobalAveragePool())
                .add("last", Dense.of(4))
                .classify("class")
                .build()),
        anyBatch(
            "inverted residual of depthwise convolutions",
            network(Shape.of(3, 7, 6))
                .add("stem", Conv2d.of(4, 3).withPadding(1))
                .add("expand", Conv2d.of(20, 1).withoutBias())
                .add("norm1", BatchNorm.standard())
                .add("relu1", new Relu6())
                .add("depthwise", Conv2d.of(20, 3).withGroups(20).withPadding(1).withoutBias())
                .add("norm2", BatchNorm.standard())
                .add("relu2", new Relu6())
                .add("project", Conv2d.of(4, 1).withoutBias())
                .add("norm3", BatchNorm.standard())
                .add("sum", new Add(), "stem", "norm3")
                // Behind a mean alone, the norm's gradients would be zero but for rounding.
                .add("relu", new Relu())
                .add("pool", new GlobalAveragePool())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "residual block with a shortcut without parameters",
            network(Shape.of(3, 7, 7))
                .add("conv0", Conv2d.of(4, 3).withPadding(1).withoutBias())
                .add("norm0", BatchNorm.standard())
                .add("relu0", new Relu())
                .add("conv1", Conv2d.of(8, 3).withPadding(1).withStride(2).withoutBias())
                .add("norm1", BatchNorm.standard())
                .add("relu1", new Relu())
                .add("conv2", Conv2d.of(8, 3).withPadding(1).withoutBias())
                .add("norm2", BatchNorm.standard())
                .add("shortcut", new PadShortcut(8, Size.square(2)), "relu0")
                .add("sum", new Add(), "norm2", "shortcut")
                .add("relu2", new Relu())
                .add("pool", new GlobalAveragePool())
                .add("last", Dense.of(4))
                .classify("class")
                .build()));
  }

  /** What inference may fold a batch norm into, and what it must not. */
  private static List<EngineCase> norms() {
    return List.of(
        norm("batch norm behind a shortcut", new PadShortcut(8, Size.square(2))),
        norm(
            "batch norm behind a convolution in groups",
            Conv2d.of(9, 3).withGroups(3).withoutBias()),
        norm(
            "batch norm behind a depthwise convolution",
            Conv2d.of(3, 3).withGroups(3).withoutBias()),
        norm("batch norm behind a pool", MaxPool2d.of(2)),
        anyBatch(
            "batch norm, sum and activation behind a convolution",
            network(Shape.of(3, 6, 5))
                .add("stem", Conv2d.of(4, 1))
                .add("conv", Conv2d.of(4, 3).withPadding(1).withoutBias())
                .add("norm", BatchNorm.standard())
                .add("sum", new Add(), "norm", "stem")
                .add("gelu", new Gelu())
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()));
  }

  private static EngineCase norm(String name, LayerSpec before) {
    return anyBatch(
        name,
        network(Shape.of(2, 8, 7))
            .add("stem", Conv2d.of(3, 2))
            .add("stemTanh", new Tanh())
            .add("before", before)
            .add("norm", BatchNorm.standard())
            .add("tanh", new Tanh())
            .add("flatten", new Flatten())
            .add("last", Dense.of(3))
            .classify("class")
            .build());
  }

  /** Shapes for which a kernel of oneDNN 3.11 is wrong or crashes. */
  private static List<EngineCase> oneColumn() {
    return List.of(
        anyBatch(
            "one channel to one column, stepping along the width",
            network(Shape.of(1, 6, 3))
                .add("conv", Conv2d.of(16, 2).withStride(new Size(1, 3)))
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()),
        anyBatch(
            "windows in the padding beside one column",
            network(Shape.of(3, 6, 1))
                .add("before", Conv2d.of(20, 1))
                .add(
                    "conv",
                    conv(
                        24,
                        new Size(3, 1),
                        new Size(1, 3),
                        new Padding(0, 2, 4, 1),
                        new Size(1, 2),
                        1))
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()));
  }
}
