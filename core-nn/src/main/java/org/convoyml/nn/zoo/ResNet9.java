package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * A small network that learns CIFAR-10 fast: eight convolutions and a dense layer, two residual
 * blocks; 6,573,120 parameters for 10 classes.
 *
 * @see <a href="https://github.com/davidcpage/cifar10-fast">Page, How to train your ResNet</a>
 */
public final class ResNet9 {
  private ResNet9() {}

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}, at least 8×8
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("resnet9", input);
    convNorm(builder, "prep", 64);
    convNorm(builder, "layer1", 128);
    builder.add("layer1.pool", MaxPool2d.of(2));
    residual(builder, "layer1", 128);
    convNorm(builder, "layer2", 256);
    builder.add("layer2.pool", MaxPool2d.of(2));
    convNorm(builder, "layer3", 512);
    builder.add("layer3.pool", MaxPool2d.of(2));
    residual(builder, "layer3", 512);
    return builder
        .add("pool", new GlobalMaxPool())
        .add("linear", Dense.of(classes))
        .classify("class")
        .build();
  }

  private static void residual(NetworkSpec.Builder builder, String name, int channels) {
    String from = builder.last();
    convNorm(builder, name + ".res1", channels);
    convNorm(builder, name + ".res2", channels);
    builder.add(name + ".add", new Add(), from, builder.last());
  }

  private static void convNorm(NetworkSpec.Builder builder, String name, int filters) {
    builder
        .add(name + ".conv", Conv2d.of(filters, 3).withPadding(1).withoutBias())
        .add(name + ".bn", BatchNorm.standard())
        .add(name + ".relu", new Relu());
  }
}
