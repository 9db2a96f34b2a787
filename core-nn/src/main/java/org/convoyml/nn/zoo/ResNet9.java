package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * A small network that learns CIFAR-10 fast: eight convolutions and a dense layer, two residual
 * blocks; 6,573,120 parameters for 10 classes. Its original divides the logits by 8; here the
 * classifier starts with small weights instead.
 *
 * @param firstChannels of the first convolution, positive; 64 in the original, and the others grow
 *     with it
 * @see <a href="https://github.com/davidcpage/cifar10-fast">Page, How to train your ResNet</a>
 */
public record ResNet9(int firstChannels) {
  public ResNet9 {
    if (firstChannels < 1) {
      throw new IllegalArgumentException("firstChannels must be positive, got " + firstChannels);
    }
  }

  /** The published network. */
  public static ResNet9 standard() {
    return new ResNet9(64);
  }

  /** The same, wider or narrower. */
  public ResNet9 withFirstChannels(int channels) {
    return new ResNet9(channels);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}, at least 8×8
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("resnet9", input);
    convNorm(builder, "prep", firstChannels);
    convNorm(builder, "layer1", 2 * firstChannels);
    builder.add("layer1.pool", MaxPool2d.of(2));
    residual(builder, "layer1", 2 * firstChannels);
    convNorm(builder, "layer2", 4 * firstChannels);
    builder.add("layer2.pool", MaxPool2d.of(2));
    convNorm(builder, "layer3", 8 * firstChannels);
    builder.add("layer3.pool", MaxPool2d.of(2));
    residual(builder, "layer3", 8 * firstChannels);
    return builder
        .add("pool", new GlobalMaxPool())
        .add("linear", new Dense(classes, false, Initializer.SMALL_NORMAL))
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
