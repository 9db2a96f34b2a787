package org.convoyml.nn.zoo;

import java.util.List;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * The VGG networks: stacks of 3×3 convolutions between max pools, then three dense layers with
 * dropout. VGG-16 has 138,357,544 parameters for 224×224 colour images and 1,000 classes. Tensors
 * are named as in torchvision. The first dense layer takes the last feature map as it is, whatever
 * its size.
 *
 * @see <a href="https://arxiv.org/abs/1409.1556">Simonyan and Zisserman, Very deep convolutional
 *     networks for large-scale image recognition</a>
 */
public final class Vgg {
  private Vgg() {}

  /**
   * The network for one kind of image.
   *
   * @param depth 11, 13, 16 or 19
   * @param input {@code (C, H, W)}, at least 32×32
   * @param classes how many classes are told apart
   */
  public static NetworkSpec network(int depth, Shape input, int classes) {
    List<Integer> convolutions =
        switch (depth) {
          case 11 -> List.of(1, 1, 2, 2, 2);
          case 13 -> List.of(2, 2, 2, 2, 2);
          case 16 -> List.of(2, 2, 3, 3, 3);
          case 19 -> List.of(2, 2, 4, 4, 4);
          default ->
              throw new IllegalArgumentException(
                  "the depth must be 11, 13, 16 or 19, got " + depth);
        };
    NetworkSpec.Builder builder = NetworkSpec.builder("vgg" + depth, input);
    int index = 0;
    for (int stage = 0; stage < 5; stage++) {
      int filters = Math.min(64 << stage, 512);
      for (int i = 0; i < convolutions.get(stage); i++) {
        builder
            .add("features." + index++, Conv2d.of(filters, 3).withPadding(1))
            .add("features." + index++, new Relu());
      }
      builder.add("features." + index++, MaxPool2d.of(2));
    }
    return builder
        .add("flatten", new Flatten())
        .add("classifier.0", Dense.of(4096))
        .add("classifier.1", new Relu())
        .add("classifier.2", new Dropout(0.5f))
        .add("classifier.3", Dense.of(4096))
        .add("classifier.4", new Relu())
        .add("classifier.5", new Dropout(0.5f))
        .add("classifier.6", Dense.of(classes))
        .classify("class")
        .build();
  }
}
