package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;

/**
 * MobileNet v1: every 3×3 convolution works on each channel by itself and is followed by a 1×1
 * convolution; 4,231,976 parameters for 1,000 classes. Tensors are named as in timm.
 *
 * @param width factor of all channels, positive; 1, 0.75, 0.5 and 0.25 in the paper
 * @param dropout rate before the classifier, in [0, 1); 0 in timm
 * @see <a href="https://arxiv.org/abs/1704.04861">Howard et al., MobileNets</a>
 */
public record MobileNetV1(float width, float dropout) {
  /** Output channels and blocks of each stage; all stages but the first begin with stride 2. */
  private static final int[][] STAGES = {{64, 1}, {128, 2}, {256, 2}, {512, 6}, {1024, 2}};

  public MobileNetV1 {
    ConvNorm.checkWidth(width);
    ConvNorm.checkDropout(dropout);
  }

  /** The paper's network, as timm has it. */
  public static MobileNetV1 standard() {
    return new MobileNetV1(1, 0);
  }

  /** The same, wider or narrower. */
  public MobileNetV1 withWidth(float factor) {
    return new MobileNetV1(factor, dropout);
  }

  /** The same with another rate of dropout. */
  public MobileNetV1 withDropout(float rate) {
    return new MobileNetV1(width, rate);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    int channels = ConvNorm.scaled(32, width);
    NetworkSpec.Builder builder = NetworkSpec.builder("mobilenet_v1", input);
    builder
        .add("conv_stem", ConvNorm.convolution(channels, 3, 2))
        .add("bn1", BatchNorm.standard())
        .add("act1", new Relu6());
    for (int stage = 0; stage < STAGES.length; stage++) {
      for (int block = 0; block < STAGES[stage][1]; block++) {
        int filters = ConvNorm.scaled(STAGES[stage][0], width);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        separable(builder, "blocks.%d.%d".formatted(stage, block), channels, filters, stride);
        channels = filters;
      }
    }
    builder.add("global_pool", new GlobalAveragePool());
    if (dropout > 0) {
      builder.add("dropout", new Dropout(dropout));
    }
    return builder.add("classifier", ConvNorm.classifier(classes)).classify("class").build();
  }

  private static void separable(
      NetworkSpec.Builder builder, String name, int channels, int filters, int stride) {
    builder
        .add(name + ".conv_dw", ConvNorm.depthwise(channels, 3, stride))
        .add(name + ".bn1", BatchNorm.standard())
        .add(name + ".act1", new Relu6())
        .add(name + ".conv_pw", ConvNorm.convolution(filters, 1, 1))
        .add(name + ".bn2", BatchNorm.standard())
        .add(name + ".act2", new Relu6());
  }
}
