package org.convoyml.nn.zoo;

import java.util.List;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * The ResNets for ImageNet, version 1.5 (the stride of a bottleneck is in its 3×3 convolution).
 * ResNet-50 has 25,557,032 parameters for 1,000 classes. Tensors are named as in torchvision. The
 * last batch norm of each block starts at zero.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., Deep residual learning for image
 *     recognition</a>
 */
public final class ResNet {
  private ResNet() {}

  /**
   * The network for one kind of image.
   *
   * @param depth 18, 34, 50, 101 or 152
   * @param input {@code (C, H, W)}
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(int depth, Shape input, int classes) {
    List<Integer> blocks =
        switch (depth) {
          case 18 -> List.of(2, 2, 2, 2);
          case 34, 50 -> List.of(3, 4, 6, 3);
          case 101 -> List.of(3, 4, 23, 3);
          case 152 -> List.of(3, 8, 36, 3);
          default ->
              throw new IllegalArgumentException(
                  "the depth must be 18, 34, 50, 101 or 152, got " + depth);
        };
    boolean bottleneck = depth >= 50;
    NetworkSpec.Builder builder = NetworkSpec.builder("resnet" + depth, input);
    builder
        .add("conv1", Conv2d.of(64, 7).withStride(2).withPadding(3).withoutBias())
        .add("bn1", BatchNorm.standard())
        .add("relu", new Relu())
        .add("maxpool", new MaxPool2d(Size.square(3), Size.square(2), Padding.all(1), false));
    int channels = 64;
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        int width = 64 << stage;
        int filters = bottleneck ? 4 * width : width;
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "layer%d.%d".formatted(stage + 1, block);
        String from = builder.last();
        String last =
            bottleneck
                ? bottleneck(builder, name, width, stride)
                : basic(builder, name, width, stride);
        String shortcut = from;
        if (stride > 1 || filters != channels) {
          shortcut = name + ".downsample.1";
          builder
              .add(name + ".downsample.0", conv(filters, 1, stride), from)
              .add(shortcut, BatchNorm.standard());
        }
        builder.add(name + ".add", new Add(), last, shortcut).add(name + ".relu", new Relu());
        channels = filters;
      }
    }
    return builder
        .add("avgpool", new GlobalAveragePool())
        .add("fc", Dense.of(classes))
        .classify("class")
        .build();
  }

  private static String basic(NetworkSpec.Builder builder, String name, int width, int stride) {
    builder
        .add(name + ".conv1", conv(width, 3, stride))
        .add(name + ".bn1", BatchNorm.standard())
        .add(name + ".relu1", new Relu())
        .add(name + ".conv2", conv(width, 3, 1))
        .add(name + ".bn2", BatchNorm.standard().startingAtZero());
    return builder.last();
  }

  private static String bottleneck(
      NetworkSpec.Builder builder, String name, int width, int stride) {
    builder
        .add(name + ".conv1", conv(width, 1, 1))
        .add(name + ".bn1", BatchNorm.standard())
        .add(name + ".relu1", new Relu())
        .add(name + ".conv2", conv(width, 3, stride))
        .add(name + ".bn2", BatchNorm.standard())
        .add(name + ".relu2", new Relu())
        .add(name + ".conv3", conv(4 * width, 1, 1))
        .add(name + ".bn3", BatchNorm.standard().startingAtZero());
    return builder.last();
  }

  private static Conv2d conv(int filters, int kernel, int stride) {
    return Conv2d.of(filters, kernel).withStride(stride).withPadding(kernel / 2).withoutBias();
  }
}
