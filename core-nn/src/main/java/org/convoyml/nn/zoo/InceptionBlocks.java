package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Size;

/**
 * The blocks of {@link InceptionV3}, by the letters of torchvision. Each adds itself behind the
 * layer added last.
 */
final class InceptionBlocks {
  private static final BatchNorm NORM = new BatchNorm(1e-3f, 0.1f);

  private final NetworkSpec.Builder builder;

  InceptionBlocks(NetworkSpec.Builder builder) {
    this.builder = builder;
  }

  void blockA(String name, int poolFilters) {
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

  void blockB(String name) {
    String from = builder.last();
    String three = conv(name + ".branch3x3", Conv2d.of(384, 3).withStride(2), from);
    String twice = conv(name + ".branch3x3dbl_1", Conv2d.of(64, 1), from);
    twice = conv(name + ".branch3x3dbl_2", square(96, 3), twice);
    twice = conv(name + ".branch3x3dbl_3", Conv2d.of(96, 3).withStride(2), twice);
    builder.add(name + ".branch_pool", shrink(), from);
    builder.add(name + ".concat", new Concat(), three, twice, name + ".branch_pool");
  }

  void blockC(String name, int width) {
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

  void blockD(String name) {
    String from = builder.last();
    String three = conv(name + ".branch3x3_1", Conv2d.of(192, 1), from);
    three = conv(name + ".branch3x3_2", Conv2d.of(320, 3).withStride(2), three);
    String seven = conv(name + ".branch7x7x3_1", Conv2d.of(192, 1), from);
    seven = conv(name + ".branch7x7x3_2", row(192, 7), seven);
    seven = conv(name + ".branch7x7x3_3", column(192, 7), seven);
    seven = conv(name + ".branch7x7x3_4", Conv2d.of(192, 3).withStride(2), seven);
    builder.add(name + ".branch_pool", shrink(), from);
    builder.add(name + ".concat", new Concat(), three, seven, name + ".branch_pool");
  }

  void blockE(String name) {
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

  /** Convolution, batch norm, ReLU behind the layer added last. */
  void conv(String name, Conv2d conv) {
    conv(name, conv, builder.last());
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

  static Conv2d square(int filters, int kernel) {
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

  static MaxPool2d shrink() {
    return new MaxPool2d(Size.square(3), Size.square(2), Padding.NONE, false);
  }
}
