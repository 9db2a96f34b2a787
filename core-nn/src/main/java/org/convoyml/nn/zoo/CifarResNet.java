package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * The residual networks for CIFAR-10: a 3×3 convolution, three stages of basic blocks with 16, 32
 * and 64 channels (the second and third begin with stride 2), global average pooling and a dense
 * layer. Shortcuts have no parameters (option A), so that ResNet-20 has 269,722 for 10 classes.
 *
 * <p>Layers are named as in the weights that akamaster/pytorch_resnet_cifar10 published: {@code
 * conv1}, {@code layer1.0.bn2}, {@code linear}. Convolutions start as He et al. start them. The
 * classifier starts small, as Goyal et al. recommend: with larger weights the 110 layers begin at a
 * loss of 16.
 *
 * @param depth {@code 6n + 2}, at least 8: 20, 32, 44, 56 and 110 in the paper
 * @param width factor of the channels, at least 1; 1 in the paper
 * @param identityStart whether each block starts as the identity, by a last batch norm whose scale
 *     is zero
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., Deep residual learning for image
 *     recognition, section 4.2</a>
 */
public record CifarResNet(int depth, int width, boolean identityStart) {
  private static final int STAGES = 3;
  private static final int FIRST_CHANNELS = 16;

  public CifarResNet {
    if (depth < 8 || (depth - 2) % 6 != 0) {
      throw new IllegalArgumentException("depth must be 8, 14, 20, ... (6n + 2), got " + depth);
    }
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
  }

  /** The paper's network of this depth. */
  public static CifarResNet of(int depth) {
    return new CifarResNet(depth, 1, false);
  }

  /** The same with more channels. */
  public CifarResNet withWidth(int factor) {
    return new CifarResNet(depth, factor, identityStart);
  }

  /** The same with blocks that start as the identity. */
  public CifarResNet withIdentityStart() {
    return new CifarResNet(depth, width, true);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}; 3×32×32 in the paper
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder network =
        NetworkSpec.builder("resnet" + depth, input)
            .add("conv1", convolution(FIRST_CHANNELS * width, 1))
            .add("bn1", BatchNorm.standard())
            .add("relu", new Relu());
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < (depth - 2) / (2 * STAGES); block++) {
        boolean smaller = stage > 0 && block == 0;
        addBlock(
            network,
            "layer%d.%d.".formatted(stage + 1, block),
            FIRST_CHANNELS * width << stage,
            smaller);
      }
    }
    return network
        .add("avgpool", new GlobalAveragePool())
        .add("linear", ConvNorm.classifier(classes))
        .classify("class")
        .build();
  }

  private void addBlock(NetworkSpec.Builder network, String prefix, int filters, boolean smaller) {
    int stride = smaller ? 2 : 1;
    String shortcut = network.last();
    network
        .add(prefix + "conv1", convolution(filters, stride))
        .add(prefix + "bn1", BatchNorm.standard())
        .add(prefix + "relu", new Relu())
        .add(prefix + "conv2", convolution(filters, 1))
        .add(prefix + "bn2", ConvNorm.norm(identityStart));
    String residual = network.last();
    if (smaller) {
      network.add(prefix + "shortcut", new PadShortcut(filters, Size.square(stride)), shortcut);
      shortcut = network.last();
    }
    network.add(prefix + "add", new Add(), residual, shortcut).add(prefix + "relu_1", new Relu());
  }

  private static Conv2d convolution(int filters, int stride) {
    return ConvNorm.convolution(filters, 3, stride).withInitializer(Initializer.HE_NORMAL);
  }
}
