package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Tanh;

/**
 * LeNet-5 of 1998 as it is written today: convolutions of 6, 16 and 120 filters with tanh, average
 * pooling, a dense layer of 84. The second convolution reads all six maps (the paper's table leaves
 * some out), pooling has no weights, and the last layer is dense instead of radial basis functions;
 * 61,706 parameters for 10 classes. Images of 28×28 are padded to 32×32, as the paper did.
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al., Gradient-based learning applied to
 *     document recognition</a>
 */
public final class LeNet5 {
  private LeNet5() {}

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}: 28×28 or 32×32, or larger
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(Shape input, int classes) {
    int border = input.height() < 32 ? 2 : 0;
    return NetworkSpec.builder("lenet5", input)
        .add("conv1", conv(6).withPadding(border))
        .add("tanh1", new Tanh())
        .add("pool1", AveragePool2d.of(2))
        .add("conv2", conv(16))
        .add("tanh2", new Tanh())
        .add("pool2", AveragePool2d.of(2))
        .add("conv3", conv(120))
        .add("tanh3", new Tanh())
        .add("flatten", new Flatten())
        .add("dense1", dense(84))
        .add("tanh4", new Tanh())
        .add("dense2", dense(classes))
        .classify("class")
        .build();
  }

  private static Conv2d conv(int filters) {
    return Conv2d.of(filters, 5).withInitializer(Initializer.XAVIER_UNIFORM);
  }

  private static Dense dense(int units) {
    return new Dense(units, true, Initializer.XAVIER_UNIFORM);
  }
}
