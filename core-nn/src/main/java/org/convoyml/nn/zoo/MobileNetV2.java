package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
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
 * @see <a href="https://arxiv.org/abs/1801.04381">Sandler et al., MobileNetV2</a>
 */
public final class MobileNetV2 {
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

  private MobileNetV2() {}

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("mobilenet_v2", input);
    convNorm(builder, "features.0", Conv2d.of(32, 3).withStride(2).withPadding(1));
    int channels = 32;
    int index = 1;
    for (int[] stage : STAGES) {
      for (int block = 0; block < stage[2]; block++) {
        int stride = block == 0 ? stage[3] : 1;
        invertedResidual(builder, "features." + index++, channels, stage[0], stage[1], stride);
        channels = stage[1];
      }
    }
    convNorm(builder, "features.18", Conv2d.of(1280, 1));
    return builder
        .add("pool", new GlobalAveragePool())
        .add("classifier.0", new Dropout(0.2f))
        .add("classifier.1", Dense.of(classes))
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
      convNorm(builder, name + ".conv." + part++, Conv2d.of(hidden, 1));
    }
    convNorm(
        builder,
        name + ".conv." + part++,
        Conv2d.of(hidden, 3).withGroups(hidden).withStride(stride).withPadding(1));
    builder
        .add(name + ".conv." + part++, Conv2d.of(filters, 1).withoutBias())
        .add(name + ".conv." + part, BatchNorm.standard());
    if (stride == 1 && filters == channels) {
      builder.add(name + ".add", new Add(), builder.last(), from);
    }
  }

  private static void convNorm(NetworkSpec.Builder builder, String name, Conv2d conv) {
    builder
        .add(name + ".0", conv.withoutBias())
        .add(name + ".1", BatchNorm.standard())
        .add(name + ".2", new Relu6());
  }
}
