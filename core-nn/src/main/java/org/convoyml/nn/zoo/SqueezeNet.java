package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * SqueezeNet 1.1: fire modules, which squeeze channels by 1×1 convolutions and expand them by 1×1
 * and 3×3 ones side by side; 1,235,496 parameters for 1,000 classes. Tensors are named as in
 * torchvision, and weights start as there.
 *
 * @param dropout rate before the classifier, in [0, 1); 0.5 in torchvision
 * @see <a href="https://arxiv.org/abs/1602.07360">Iandola et al., SqueezeNet</a>
 */
public record SqueezeNet(float dropout) {
  public SqueezeNet {
    ConvNorm.checkDropout(dropout);
  }

  /** The published network. */
  public static SqueezeNet standard() {
    return new SqueezeNet(0.5f);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}, at least 17×17
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("squeezenet1_1", input);
    builder
        .add("features.0", conv(64, 3).withStride(2))
        .add("features.1", new Relu())
        .add("features.2", pool());
    fire(builder, 3, 16, 64);
    fire(builder, 4, 16, 64);
    builder.add("features.5", pool());
    fire(builder, 6, 32, 128);
    fire(builder, 7, 32, 128);
    builder.add("features.8", pool());
    fire(builder, 9, 48, 192);
    fire(builder, 10, 48, 192);
    fire(builder, 11, 64, 256);
    fire(builder, 12, 64, 256);
    return builder
        .add("classifier.0", new Dropout(dropout))
        .add("classifier.1", conv(classes, 1).withInitializer(Initializer.SMALL_NORMAL))
        .add("classifier.2", new Relu())
        .add("classifier.3", new GlobalAveragePool())
        .classify("class")
        .build();
  }

  private static void fire(NetworkSpec.Builder builder, int index, int squeeze, int expand) {
    String name = "features." + index;
    builder.add(name + ".squeeze", conv(squeeze, 1)).add(name + ".squeeze_activation", new Relu());
    String squeezed = builder.last();
    builder
        .add(name + ".expand1x1", conv(expand, 1), squeezed)
        .add(name + ".expand1x1_activation", new Relu())
        .add(name + ".expand3x3", conv(expand, 3).withPadding(1), squeezed)
        .add(name + ".expand3x3_activation", new Relu())
        .add(
            name + ".concat",
            new Concat(),
            name + ".expand1x1_activation",
            name + ".expand3x3_activation");
  }

  private static Conv2d conv(int filters, int kernel) {
    return Conv2d.of(filters, kernel).withInitializer(Initializer.HE_UNIFORM);
  }

  private static MaxPool2d pool() {
    return new MaxPool2d(Size.square(3), Size.square(2), Padding.NONE, true);
  }
}
