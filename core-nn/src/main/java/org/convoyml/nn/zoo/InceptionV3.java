package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * Inception v3: blocks of parallel branches, large kernels as pairs of 1×n and n×1 ones, and in
 * training an auxiliary head with weight 0.4; 27,161,264 parameters for 1,000 classes, of which the
 * auxiliary head has 3,326,696. Tensors are named as in torchvision, without its {@code
 * transform_input}.
 *
 * @param dropout rate before the classifier, in [0, 1); 0.5 in torchvision
 * @param auxiliary whether there is an auxiliary head in training; images must then be at least
 *     299×299
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al., Rethinking the Inception
 *     architecture for computer vision</a>
 */
public record InceptionV3(float dropout, boolean auxiliary) {
  /** Smaller images give the auxiliary head a map that is smaller than its kernels. */
  static final int MIN_AUXILIARY_SIDE = 299;

  private static final float AUXILIARY_WEIGHT = 0.4f;

  public InceptionV3 {
    ConvNorm.checkDropout(dropout);
  }

  /** The published network. */
  public static InceptionV3 standard() {
    return new InceptionV3(0.5f, true);
  }

  /** The same without the auxiliary head. */
  public InceptionV3 withoutAuxiliary() {
    return new InceptionV3(dropout, false);
  }

  /** The same with another rate of dropout. */
  public InceptionV3 withDropout(float rate) {
    return new InceptionV3(rate, auxiliary);
  }

  /**
   * The standard network, with the auxiliary head where the images are large enough for it.
   *
   * @param input {@code (C, H, W)}, at least 75×75
   * @param classes how many classes are told apart
   */
  static NetworkSpec fitting(Shape input, int classes) {
    boolean large = Math.min(input.height(), input.width()) >= MIN_AUXILIARY_SIDE;
    return (large ? standard() : standard().withoutAuxiliary()).network(input, classes);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}, at least 75×75; 3×299×299 in the paper
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder builder = NetworkSpec.builder("inception_v3", input);
    InceptionBlocks blocks = new InceptionBlocks(builder);
    blocks.conv("Conv2d_1a_3x3", Conv2d.of(32, 3).withStride(2));
    blocks.conv("Conv2d_2a_3x3", Conv2d.of(32, 3));
    blocks.conv("Conv2d_2b_3x3", InceptionBlocks.square(64, 3));
    builder.add("maxpool1", InceptionBlocks.shrink());
    blocks.conv("Conv2d_3b_1x1", Conv2d.of(80, 1));
    blocks.conv("Conv2d_4a_3x3", Conv2d.of(192, 3));
    builder.add("maxpool2", InceptionBlocks.shrink());
    blocks.blockA("Mixed_5b", 32);
    blocks.blockA("Mixed_5c", 64);
    blocks.blockA("Mixed_5d", 64);
    blocks.blockB("Mixed_6a");
    blocks.blockC("Mixed_6b", 128);
    blocks.blockC("Mixed_6c", 160);
    blocks.blockC("Mixed_6d", 160);
    blocks.blockC("Mixed_6e", 192);
    String middle = builder.last();
    blocks.blockD("Mixed_7a");
    blocks.blockE("Mixed_7b");
    blocks.blockE("Mixed_7c");
    builder
        .add("avgpool", new GlobalAveragePool())
        .add("dropout", new Dropout(dropout))
        .add("fc", ConvNorm.classifier(classes))
        .classify("class");
    if (auxiliary) {
      auxiliaryHead(builder, middle, classes);
    }
    return builder.build();
  }

  private static void auxiliaryHead(NetworkSpec.Builder builder, String from, int classes) {
    builder.add(
        "AuxLogits.pool",
        new AveragePool2d(Size.square(5), Size.square(3), Padding.NONE, false, false),
        from);
    InceptionBlocks blocks = new InceptionBlocks(builder);
    blocks.conv("AuxLogits.conv0", Conv2d.of(128, 1));
    blocks.conv("AuxLogits.conv1", Conv2d.of(768, 5));
    builder
        .add("AuxLogits.avgpool", new GlobalAveragePool())
        .add("AuxLogits.fc", ConvNorm.classifier(classes))
        .auxiliary("auxiliary", AUXILIARY_WEIGHT);
  }
}
