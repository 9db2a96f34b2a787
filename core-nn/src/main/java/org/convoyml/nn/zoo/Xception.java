package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * Xception: separable convolutions (each channel by itself, then 1×1) with linear residual
 * connections; 22,855,952 parameters for 1,000 classes. Tensors are named as in timm, and
 * convolutions start as there.
 *
 * @param dropout rate before the classifier, in [0, 1)
 * @see <a href="https://arxiv.org/abs/1610.02357">Chollet, Xception</a>
 */
public record Xception(float dropout) {
  public Xception {
    ConvNorm.checkDropout(dropout);
  }

  /** The published network; the paper's dropout rate is 0.5. */
  public static Xception standard() {
    return new Xception(0.5f);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}; the paper's is 299×299
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("xception", input);
    builder
        .add("conv1", stem(32).withStride(2))
        .add("bn1", BatchNorm.standard())
        .add("act1", new Relu())
        .add("conv2", stem(64))
        .add("bn2", BatchNorm.standard())
        .add("act2", new Relu());
    block(builder, "block1", false, 2, 64, 128, 128);
    block(builder, "block2", true, 2, 128, 256, 256);
    block(builder, "block3", true, 2, 256, 728, 728);
    for (int i = 4; i <= 11; i++) {
      block(builder, "block" + i, true, 1, 728, 728, 728, 728);
    }
    block(builder, "block12", true, 2, 728, 728, 1024);
    separable(builder, "conv3", 1024, 1536);
    builder.add("bn3", BatchNorm.standard()).add("act3", new Relu());
    separable(builder, "conv4", 1536, 2048);
    builder
        .add("bn4", BatchNorm.standard())
        .add("act4", new Relu())
        .add("global_pool", new GlobalAveragePool());
    if (dropout > 0) {
      builder.add("dropout", new Dropout(dropout));
    }
    return builder.add("fc", ConvNorm.classifier(classes)).classify("class").build();
  }

  private static Conv2d stem(int filters) {
    return ConvNorm.convolution(filters, 3, 1).withPadding(0);
  }

  /**
   * Separable convolutions, each with a ReLU before it and a batch norm behind it, beside a
   * shortcut.
   *
   * @param firstRelu whether the first has its ReLU too
   * @param stride of the pool behind them and of the shortcut; without one there is no pool
   * @param channels that come in
   * @param filters of each convolution
   */
  private static void block(
      NetworkSpec.Builder builder,
      String name,
      boolean firstRelu,
      int stride,
      int channels,
      int... filters) {
    String from = builder.last();
    int part = 0;
    int before = channels;
    for (int i = 0; i < filters.length; i++) {
      if (i > 0 || firstRelu) {
        builder.add(name + ".rep." + part++, new Relu());
      }
      separable(builder, name + ".rep." + part++, before, filters[i]);
      builder.add(name + ".rep." + part++, BatchNorm.standard());
      before = filters[i];
    }
    String shortcut = from;
    if (stride > 1) {
      builder.add(
          name + ".rep." + part,
          new MaxPool2d(Size.square(3), Size.square(stride), Padding.all(1), false));
    }
    String last = builder.last();
    if (stride > 1 || before != channels) {
      shortcut = name + ".skipbn";
      builder
          .add(name + ".skip", ConvNorm.convolution(before, 1, stride), from)
          .add(shortcut, BatchNorm.standard());
    }
    builder.add(name + ".add", new Add(), last, shortcut);
  }

  private static void separable(
      NetworkSpec.Builder builder, String name, int channels, int filters) {
    builder
        .add(name + ".conv1", ConvNorm.depthwise(channels, 3, 1))
        .add(name + ".pointwise", ConvNorm.convolution(filters, 1, 1));
  }
}
