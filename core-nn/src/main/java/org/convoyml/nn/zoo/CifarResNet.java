package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * The ResNets for CIFAR: {@code 6n + 2} layers in three stages of 16, 32 and 64 channels, with
 * shortcuts without parameters. ResNet-20 has 269,722 parameters for 10 classes. Tensors are named
 * as in akamaster's PyTorch implementation.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., Deep residual learning for image
 *     recognition, section 4.2</a>
 */
public final class CifarResNet {
  private CifarResNet() {}

  /**
   * The network for one kind of image.
   *
   * @param depth {@code 6n + 2}: 20, 32, 44, 56, 110, …
   * @param input {@code (C, H, W)}
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(int depth, Shape input, int classes) {
    if (depth < 8 || (depth - 2) % 6 != 0) {
      throw new IllegalArgumentException("the depth must be 6n + 2, got " + depth);
    }
    NetworkSpec.Builder builder = NetworkSpec.builder("resnet" + depth, input);
    builder.add("conv1", three(16, 1)).add("bn1", BatchNorm.standard()).add("relu", new Relu());
    int channels = 16;
    for (int stage = 1; stage <= 3; stage++) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        int filters = 8 << stage;
        int stride = filters == channels ? 1 : 2;
        block(builder, "layer" + stage + "." + block, filters, stride);
        channels = filters;
      }
    }
    return builder
        .add("pool", new GlobalAveragePool())
        .add("linear", Dense.of(classes))
        .classify("class")
        .build();
  }

  private static void block(NetworkSpec.Builder builder, String name, int filters, int stride) {
    String from = builder.last();
    builder
        .add(name + ".conv1", three(filters, stride))
        .add(name + ".bn1", BatchNorm.standard())
        .add(name + ".relu1", new Relu())
        .add(name + ".conv2", three(filters, 1))
        .add(name + ".bn2", BatchNorm.standard());
    String shortcut = from;
    if (stride > 1) {
      shortcut = name + ".shortcut";
      builder.add(shortcut, new PadShortcut(filters, Size.square(stride)), from);
    }
    builder.add(name + ".add", new Add(), name + ".bn2", shortcut).add(name + ".relu2", new Relu());
  }

  private static Conv2d three(int filters, int stride) {
    return Conv2d.of(filters, 3).withStride(stride).withPadding(1).withoutBias();
  }
}
