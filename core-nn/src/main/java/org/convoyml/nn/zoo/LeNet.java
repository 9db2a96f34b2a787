package org.convoyml.nn.zoo;

import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * The 20-50-500 LeNet that Caffe made the standard: two 5×5 convolutions with max pooling, two
 * dense layers; 431,080 parameters for 28×28 grey images and 10 classes. The ReLU follows each
 * convolution, as it does in today's versions.
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al., Gradient-based learning applied to
 *     document recognition</a>
 */
public final class LeNet {
  private LeNet() {}

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}, at least 16×16
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(Shape input, int classes) {
    return NetworkSpec.builder("lenet", input)
        .add("conv1", convolution(20))
        .add("relu1", new Relu())
        .add("pool1", MaxPool2d.of(2))
        .add("conv2", convolution(50))
        .add("relu2", new Relu())
        .add("pool2", MaxPool2d.of(2))
        .add("flatten", new Flatten())
        .add("dense1", dense(500))
        .add("relu3", new Relu())
        .add("dense2", dense(classes))
        .classify("class")
        .build();
  }

  // Xavier's initialisation, as in Caffe's version: He's larger weights generalise worse on so
  // small a network.
  private static Conv2d convolution(int filters) {
    return Conv2d.of(filters, 5).withInitializer(Initializer.XAVIER_UNIFORM);
  }

  private static Dense dense(int units) {
    return new Dense(units, true, Initializer.XAVIER_UNIFORM);
  }
}
