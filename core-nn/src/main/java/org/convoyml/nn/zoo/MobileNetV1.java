package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;

/**
 * MobileNet v1: every 3×3 convolution works on each channel by itself and is followed by a 1×1
 * convolution; 4,231,976 parameters for 1,000 classes. Tensors are named as in timm.
 *
 * @see <a href="https://arxiv.org/abs/1704.04861">Howard et al., MobileNets</a>
 */
public final class MobileNetV1 {
  /** Output channels and blocks of each stage; all stages but the first begin with stride 2. */
  private static final int[][] STAGES = {{64, 1}, {128, 2}, {256, 2}, {512, 6}, {1024, 2}};

  private MobileNetV1() {}

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("mobilenet_v1", input);
    builder
        .add("conv_stem", Conv2d.of(32, 3).withStride(2).withPadding(1).withoutBias())
        .add("bn1", BatchNorm.standard())
        .add("act1", new Relu6());
    int channels = 32;
    for (int stage = 0; stage < STAGES.length; stage++) {
      for (int block = 0; block < STAGES[stage][1]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        separable(
            builder, "blocks.%d.%d".formatted(stage, block), channels, STAGES[stage][0], stride);
        channels = STAGES[stage][0];
      }
    }
    return builder
        .add("global_pool", new GlobalAveragePool())
        .add("classifier", Dense.of(classes))
        .classify("class")
        .build();
  }

  private static void separable(
      NetworkSpec.Builder builder, String name, int channels, int filters, int stride) {
    Conv2d depthwise =
        Conv2d.of(channels, 3).withGroups(channels).withStride(stride).withPadding(1);
    builder
        .add(name + ".conv_dw", depthwise.withoutBias())
        .add(name + ".bn1", BatchNorm.standard())
        .add(name + ".act1", new Relu6())
        .add(name + ".conv_pw", Conv2d.of(filters, 1).withoutBias())
        .add(name + ".bn2", BatchNorm.standard())
        .add(name + ".act2", new Relu6());
  }
}
