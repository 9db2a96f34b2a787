package org.convoyml.nn.zoo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * The residual networks for ImageNet: a 7×7 convolution and max pooling, both with stride 2, four
 * stages of basic blocks (18 and 34 layers) or bottleneck blocks (50, 101, 152), global average
 * pooling and a dense layer.
 *
 * <p>This is torchvision's version, "v1.5": a bottleneck block that makes the map smaller has its
 * stride in the 3×3 convolution, where the paper has it in the first 1×1. Layers are named as
 * there, those without parameters as in its feature extraction: {@code layer1.0.relu_1}, {@code
 * layer1.0.add}. Convolutions start as there; the classifier as Goyal et al. start it.
 *
 * @param depth 18, 34, 50, 101 or 152
 * @param firstChannels channels of the first stage's 3×3 convolutions, positive; 64 in the paper,
 *     and the others grow with it
 * @param identityStart whether each block starts as the identity, by a last batch norm whose scale
 *     is zero; usual for large batches
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., Deep residual learning for image
 *     recognition</a>
 */
public record ResNet(int depth, int firstChannels, boolean identityStart) {
  /** Blocks of the four stages. */
  private static final Map<Integer, List<Integer>> BLOCKS =
      new TreeMap<>(
          Map.of(
              18, List.of(2, 2, 2, 2),
              34, List.of(3, 4, 6, 3),
              50, List.of(3, 4, 6, 3),
              101, List.of(3, 4, 23, 3),
              152, List.of(3, 8, 36, 3)));

  private static final int FIRST_BOTTLENECK_DEPTH = 50;

  /** A bottleneck block's output has this many times the channels of its 3×3 convolution. */
  private static final int EXPANSION = 4;

  public ResNet {
    if (!BLOCKS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "depth must be one of %s, got %d".formatted(BLOCKS.keySet(), depth));
    }
    if (firstChannels < 1) {
      throw new IllegalArgumentException("firstChannels must be positive, got " + firstChannels);
    }
  }

  /** The paper's network of this depth. */
  public static ResNet of(int depth) {
    return new ResNet(depth, 64, false);
  }

  /** The same, wider or narrower. */
  public ResNet withFirstChannels(int channels) {
    return new ResNet(depth, channels, identityStart);
  }

  /** The same with blocks that start as the identity. */
  public ResNet withIdentityStart() {
    return new ResNet(depth, firstChannels, true);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}; 3×224×224 in the paper
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder network =
        NetworkSpec.builder("resnet" + depth, input)
            .add("conv1", ConvNorm.convolution(firstChannels, 7, 2))
            .add("bn1", BatchNorm.standard())
            .add("relu", new Relu())
            .add("maxpool", new MaxPool2d(Size.square(3), Size.square(2), Padding.all(1), false));
    int channels = firstChannels;
    List<Integer> blocks = BLOCKS.get(depth);
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        String prefix = "layer%d.%d.".formatted(stage + 1, block);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        channels = addBlock(network, prefix, channels, firstChannels << stage, stride);
      }
    }
    return network
        .add("avgpool", new GlobalAveragePool())
        .add("fc", ConvNorm.classifier(classes))
        .classify("class")
        .build();
  }

  /** Adds a block to a map of {@code channels}, and returns how many channels it makes. */
  private int addBlock(
      NetworkSpec.Builder network, String prefix, int channels, int filters, int stride) {
    String shortcut = network.last();
    boolean bottleneck = depth >= FIRST_BOTTLENECK_DEPTH;
    int outputs = bottleneck ? filters * EXPANSION : filters;
    String residual =
        bottleneck
            ? addBottleneck(network, prefix, filters, stride)
            : addBasic(network, prefix, filters, stride);
    if (stride != 1 || channels != outputs) {
      network
          .add(prefix + "downsample.0", ConvNorm.convolution(outputs, 1, stride), shortcut)
          .add(prefix + "downsample.1", BatchNorm.standard());
      shortcut = network.last();
    }
    network
        .add(prefix + "add", new Add(), residual, shortcut)
        .add(prefix + (bottleneck ? "relu_2" : "relu_1"), new Relu());
    return outputs;
  }

  private String addBasic(NetworkSpec.Builder network, String prefix, int filters, int stride) {
    return network
        .add(prefix + "conv1", ConvNorm.convolution(filters, 3, stride))
        .add(prefix + "bn1", BatchNorm.standard())
        .add(prefix + "relu", new Relu())
        .add(prefix + "conv2", ConvNorm.convolution(filters, 3, 1))
        .add(prefix + "bn2", ConvNorm.norm(identityStart))
        .last();
  }

  private String addBottleneck(
      NetworkSpec.Builder network, String prefix, int filters, int stride) {
    return network
        .add(prefix + "conv1", ConvNorm.convolution(filters, 1, 1))
        .add(prefix + "bn1", BatchNorm.standard())
        .add(prefix + "relu", new Relu())
        .add(prefix + "conv2", ConvNorm.convolution(filters, 3, stride))
        .add(prefix + "bn2", BatchNorm.standard())
        .add(prefix + "relu_1", new Relu())
        .add(prefix + "conv3", ConvNorm.convolution(filters * EXPANSION, 1, 1))
        .add(prefix + "bn3", ConvNorm.norm(identityStart))
        .last();
  }
}
