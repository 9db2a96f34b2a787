package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/**
 * Inception v3: blocks of parallel branches, large kernels as pairs of 1×n and n×1 ones, and in
 * training an auxiliary head with weight 0.4; 27,161,264 parameters for 1,000 classes, of which the
 * auxiliary head has 3,326,696. Tensors are named as in torchvision.
 *
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al., Rethinking the Inception
 *     architecture for computer vision</a>
 */
public final class InceptionV3 {
  private static final float AUXILIARY_WEIGHT = 0.4f;
  private static final BatchNorm NORM = new BatchNorm(1e-3f, 0.1f);

  private final NetworkSpec.Builder builder;

  private InceptionV3(NetworkSpec.Builder builder) {
    this.builder = builder;
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}: 299×299 in the paper; with the auxiliary head at least 299×299
   * @param classes how many classes are told apart
   * @param auxiliary whether there is an auxiliary head in training
   */
  public static NetworkSpec network(Shape input, int classes, boolean auxiliary) {
    NetworkSpec.Builder builder = NetworkSpec.builder("inception_v3", input);
    return new InceptionV3(builder).build(classes, auxiliary);
  }

  private NetworkSpec build(int classes, boolean auxiliary) {
    conv("Conv2d_1a_3x3", Conv2d.of(32, 3).withStride(2), NetworkSpec.INPUT);
    conv("Conv2d_2a_3x3", Conv2d.of(32, 3), builder.last());
    conv("Conv2d_2b_3x3", square(64, 3), builder.last());
    builder.add("maxpool1", shrink());
    conv("Conv2d_3b_1x1", Conv2d.of(80, 1), builder.last());
    conv("Conv2d_4a_3x3", Conv2d.of(192, 3), builder.last());
    builder.add("maxpool2", shrink());
    blockA("Mixed_5b", 32);
    blockA("Mixed_5c", 64);
    blockA("Mixed_5d", 64);
    blockB("Mixed_6a");
    blockC("Mixed_6b", 128);
    blockC("Mixed_6c", 160);
    blockC("Mixed_6d", 160);
    blockC("Mixed_6e", 192);
    String middle = builder.last();
    blockD("Mixed_7a", middle);
    blockE("Mixed_7b");
    blockE("Mixed_7c");
    builder
        .add("avgpool", new GlobalAveragePool())
        .add("dropout", new Dropout(0.5f))
        .add("fc", Dense.of(classes))
        .classify("class");
    if (auxiliary) {
      auxiliaryHead(middle, classes);
    }
    return builder.build();
  }

  private void auxiliaryHead(String from, int classes) {
    builder.add(
        "AuxLogits.pool",
        new AveragePool2d(Size.square(5), Size.square(3), Padding.NONE, false, false),
        from);
    conv("AuxLogits.conv0", Conv2d.of(128, 1), builder.last());
    conv("AuxLogits.conv1", Conv2d.of(768, 5), builder.last());
    builder
        .add("AuxLogits.avgpool", new GlobalAveragePool())
        .add("AuxLogits.fc", Dense.of(classes))
        .auxiliary("auxiliary", AUXILIARY_WEIGHT);
  }

  private void blockA(String name, int poolFilters) {
    String from = builder.last();
    String one = conv(name + ".branch1x1", Conv2d.of(64, 1), from);
    String five = conv(name + ".branch5x5_1", Conv2d.of(48, 1), from);
    five = conv(name + ".branch5x5_2", square(64, 5), five);
    String three = conv(name + ".branch3x3dbl_1", Conv2d.of(64, 1), from);
    three = conv(name + ".branch3x3dbl_2", square(96, 3), three);
    three = conv(name + ".branch3x3dbl_3", square(96, 3), three);
    String pool = pooled(name, poolFilters, from);
    builder.add(name + ".concat", new Concat(), one, five, three, pool);
  }

  private void blockB(String name) {
    String from = builder.last();
    String three = conv(name + ".branch3x3", Conv2d.of(384, 3).withStride(2), from);
    String twice = conv(name + ".branch3x3dbl_1", Conv2d.of(64, 1), from);
    twice = conv(name + ".branch3x3dbl_2", square(96, 3), twice);
    twice = conv(name + ".branch3x3dbl_3", Conv2d.of(96, 3).withStride(2), twice);
    builder.add(name + ".branch_pool", shrink(), from);
    builder.add(name + ".concat", new Concat(), three, twice, name + ".branch_pool");
  }

  private void blockC(String name, int width) {
    String from = builder.last();
    String one = conv(name + ".branch1x1", Conv2d.of(192, 1), from);
    String seven = conv(name + ".branch7x7_1", Conv2d.of(width, 1), from);
    seven = conv(name + ".branch7x7_2", row(width, 7), seven);
    seven = conv(name + ".branch7x7_3", column(192, 7), seven);
    String twice = conv(name + ".branch7x7dbl_1", Conv2d.of(width, 1), from);
    twice = conv(name + ".branch7x7dbl_2", column(width, 7), twice);
    twice = conv(name + ".branch7x7dbl_3", row(width, 7), twice);
    twice = conv(name + ".branch7x7dbl_4", column(width, 7), twice);
    twice = conv(name + ".branch7x7dbl_5", row(192, 7), twice);
    String pool = pooled(name, 192, from);
    builder.add(name + ".concat", new Concat(), one, seven, twice, pool);
  }

  private void blockD(String name, String from) {
    String three = conv(name + ".branch3x3_1", Conv2d.of(192, 1), from);
    three = conv(name + ".branch3x3_2", Conv2d.of(320, 3).withStride(2), three);
    String seven = conv(name + ".branch7x7x3_1", Conv2d.of(192, 1), from);
    seven = conv(name + ".branch7x7x3_2", row(192, 7), seven);
    seven = conv(name + ".branch7x7x3_3", column(192, 7), seven);
    seven = conv(name + ".branch7x7x3_4", Conv2d.of(192, 3).withStride(2), seven);
    builder.add(name + ".branch_pool", shrink(), from);
    builder.add(name + ".concat", new Concat(), three, seven, name + ".branch_pool");
  }

  private void blockE(String name) {
    String from = builder.last();
    String one = conv(name + ".branch1x1", Conv2d.of(320, 1), from);
    String three = conv(name + ".branch3x3_1", Conv2d.of(384, 1), from);
    String threeRow = conv(name + ".branch3x3_2a", row(384, 3), three);
    String threeColumn = conv(name + ".branch3x3_2b", column(384, 3), three);
    String twice = conv(name + ".branch3x3dbl_1", Conv2d.of(448, 1), from);
    twice = conv(name + ".branch3x3dbl_2", square(384, 3), twice);
    String twiceRow = conv(name + ".branch3x3dbl_3a", row(384, 3), twice);
    String twiceColumn = conv(name + ".branch3x3dbl_3b", column(384, 3), twice);
    String pool = pooled(name, 192, from);
    builder.add(
        name + ".concat", new Concat(), one, threeRow, threeColumn, twiceRow, twiceColumn, pool);
  }

  /** A 3×3 mean of every pixel's neighbourhood, then a 1×1 convolution. */
  private String pooled(String name, int filters, String from) {
    builder.add(
        name + ".pool",
        new AveragePool2d(Size.square(3), Size.ONE, Padding.all(1), false, true),
        from);
    return conv(name + ".branch_pool", Conv2d.of(filters, 1), builder.last());
  }

  /** Convolution, batch norm, ReLU; returns the name of the last. */
  private String conv(String name, Conv2d conv, String from) {
    builder
        .add(name + ".conv", conv.withoutBias(), from)
        .add(name + ".bn", NORM)
        .add(name + ".relu", new Relu());
    return builder.last();
  }

  private static Conv2d square(int filters, int kernel) {
    return Conv2d.of(filters, kernel).withPadding(kernel / 2);
  }

  private static Conv2d row(int filters, int kernel) {
    return Conv2d.of(filters, 1)
        .withKernel(new Size(1, kernel))
        .withPadding(new Padding(0, kernel / 2, 0, kernel / 2));
  }

  private static Conv2d column(int filters, int kernel) {
    return Conv2d.of(filters, 1)
        .withKernel(new Size(kernel, 1))
        .withPadding(new Padding(kernel / 2, 0, kernel / 2, 0));
  }

  private static MaxPool2d shrink() {
    return new MaxPool2d(Size.square(3), Size.square(2), Padding.NONE, false);
  }
}
