package org.convoyml.nn.engine;

import static org.convoyml.nn.engine.EngineCases.anyBatch;
import static org.convoyml.nn.engine.EngineCases.network;
import static org.convoyml.nn.engine.EngineCases.smallResidualNetwork;

import java.util.List;
import java.util.Set;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.Loss;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.convoyml.nn.spec.Tanh;

/** Every loss, frozen layers, and outputs for training only. */
final class TrainingCases {
  private static final List<Integer> BATCHES = List.of(1, 2, 5);

  private TrainingCases() {}

  static List<EngineCase> all() {
    SoftmaxCrossEntropy plain = new SoftmaxCrossEntropy();
    SoftmaxCrossEntropy smooth = new SoftmaxCrossEntropy(0.1f, List.of());
    SoftmaxCrossEntropy weighted = new SoftmaxCrossEntropy(0.2f, List.of(0.5f, 2f, 1f));
    return List.of(
        loss("label smoothing", smooth, 3, 0),
        loss("label smoothing and class weights", weighted, 3, 0),
        loss("soft labels", plain, 3, 3),
        loss("soft labels, label smoothing and class weights", weighted, 3, 3),
        loss("two classes by one sigmoid", new SigmoidCrossEntropy(), 1, 0),
        loss("classes by sigmoids", new SigmoidCrossEntropy(), 3, 0),
        loss("several labels", new SigmoidCrossEntropy(), 5, 5),
        loss("one probability", new SigmoidCrossEntropy(), 1, 1),
        loss("regression to labels", new MeanSquaredError(), 1, 0),
        loss("regression to several numbers", new MeanSquaredError(), 4, 4),
        new EngineCase(
            "squared error of a softmax",
            network(Shape.of(4))
                .add("first", Dense.of(5))
                .add("relu", new Relu())
                .add("second", Dense.of(3))
                .add("softmax", new Softmax())
                .output("class", new MeanSquaredError(), 1)
                .build(),
            BATCHES),
        anyBatch("all frozen but the last", frozen("last")),
        anyBatch("frozen norms", frozen("conv0", "conv1", "conv2", "conv3", "shortcut", "last")),
        anyBatch("one frozen in the middle", frozen("conv0", "conv2", "norm2", "conv3", "last")),
        anyBatch("frozen dropout between trained layers", frozenDropout()),
        anyBatch("an auxiliary head", auxiliary()));
  }

  private static EngineCase loss(String name, Loss loss, int width, int targetWidth) {
    NetworkSpec network =
        network(Shape.of(2, 5, 4))
            .add("conv", Conv2d.of(3, 3))
            .add("tanh", new Tanh())
            .add("flatten", new Flatten())
            .add("last", Dense.of(width))
            .output("class", loss, 0.7f)
            .build();
    return new EngineCase(name, network, BATCHES, targetWidth);
  }

  /** The small residual network of which only these layers are trained. */
  static NetworkSpec frozen(String... trained) {
    return smallResidualNetwork().withFrozen(name -> !Set.of(trained).contains(name));
  }

  /** It drops all the same: there is nothing in it to be frozen. */
  private static NetworkSpec frozenDropout() {
    return network(Shape.of(2, 6, 6))
        .add("first", Conv2d.of(3, 3))
        .add("relu", new Relu())
        .add("drop1", new Dropout(0.3f))
        .add("second", Conv2d.of(4, 3))
        .add("flatten", new Flatten())
        .add("drop2", new Dropout(0.5f))
        .add("last", Dense.of(3))
        .classify("class")
        .build()
        .withFrozen(name -> !Set.of("first", "last").contains(name));
  }

  static NetworkSpec auxiliary() {
    return network(Shape.of(2, 6, 6))
        .add("conv", Conv2d.of(3, 3))
        .add("relu", new Relu())
        .add("pool", new GlobalAveragePool())
        .add("last", Dense.of(4))
        .classify("class")
        .add("side", Conv2d.of(2, 3), "relu")
        .add("sidePool", new GlobalAveragePool())
        .add("sideLast", Dense.of(4))
        .auxiliary("auxiliary", 0.4f)
        .build();
  }
}
