package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;

/**
 * MobileNet v2: inverted residual blocks, which expand channels, convolve each by itself, and
 * project back without an activation; 3,504,872 parameters for 1,000 classes. Tensors are named as
 * in torchvision.
 *
 * @param width factor of all channels, positive; 1 in torchvision
 * @param dropout rate before the classifier, in [0, 1); 0.2 in torchvision
 * @see <a href="https://arxiv.org/abs/1801.04381">Sandler et al., MobileNetV2</a>
 */
public record MobileNetV2(float width, float dropout) {
  /** Expansion, output channels, blocks, stride of the first: table 2 of the paper. */
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  public MobileNetV2 {
    ConvNorm.checkWidth(width);
    ConvNorm.checkDropout(dropout);
  }

  /** The paper's network, as torchvision has it. */
  public static MobileNetV2 standard() {
    return new MobileNetV2(1, 0.2f);
  }

  /** The same, wider or narrower. */
  public MobileNetV2 withWidth(float factor) {
    return new MobileNetV2(factor, dropout);
  }

  /** The same with another rate of dropout. */
  public MobileNetV2 withDropout(float rate) {
    return new MobileNetV2(width, rate);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("mobilenet_v2", input);
    int channels = ConvNorm.scaled(32, width);
    convNorm(builder, "features.0", ConvNorm.convolution(channels, 3, 2));
    int index = 1;
    for (int[] stage : STAGES) {
      int filters = ConvNorm.scaled(stage[1], width);
      for (int block = 0; block < stage[2]; block++) {
        int stride = block == 0 ? stage[3] : 1;
        invertedResidual(builder, "features." + index++, channels, stage[0], filters, stride);
        channels = filters;
      }
    }
    // A narrower network keeps its last layer, on which the accuracy hangs most.
    int last = ConvNorm.scaled(1280, Math.max(1, width));
    convNorm(builder, "features.18", ConvNorm.convolution(last, 1, 1));
    return builder
        .add("pool", new GlobalAveragePool())
        .add("classifier.0", new Dropout(dropout))
        .add("classifier.1", ConvNorm.classifier(classes))
        .classify("class")
        .build();
  }

  private static void invertedResidual(
      NetworkSpec.Builder builder,
      String name,
      int channels,
      int expansion,
      int filters,
      int stride) {
    String from = builder.last();
    int hidden = channels * expansion;
    int part = 0;
    if (expansion > 1) {
      convNorm(builder, name + ".conv." + part++, ConvNorm.convolution(hidden, 1, 1));
    }
    convNorm(builder, name + ".conv." + part++, ConvNorm.depthwise(hidden, 3, stride));
    builder
        .add(name + ".conv." + part++, ConvNorm.convolution(filters, 1, 1))
        .add(name + ".conv." + part, BatchNorm.standard());
    if (stride == 1 && filters == channels) {
      builder.add(name + ".add", new Add(), builder.last(), from);
    }
  }

  private static void convNorm(NetworkSpec.Builder builder, String name, Conv2d conv) {
    builder
        .add(name + ".0", conv)
        .add(name + ".1", BatchNorm.standard())
        .add(name + ".2", new Relu6());
  }
}
