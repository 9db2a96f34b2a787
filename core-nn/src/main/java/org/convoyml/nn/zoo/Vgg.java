package org.convoyml.nn.zoo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/**
 * The VGG networks: five groups of 3×3 convolutions, each group ended by max pooling, and three
 * dense layers. VGG-16 has 138,357,544 parameters for images of 224×224 and 1000 classes, most of
 * them in the first dense layer.
 *
 * <p>Layers are named as in torchvision. Its pooling to 7×7 before the dense layers is left out: at
 * 224×224 it does nothing, and elsewhere the first dense layer takes the map as it is. Convolutions
 * and classifier start as there; the hidden dense layers as He et al. start them, which is nearly
 * the same at 224×224 and right for other maps too.
 *
 * @param depth 11, 13, 16 or 19
 * @param batchNorm whether a batch norm follows each convolution, as in torchvision's {@code
 *     vgg16_bn}
 * @param dropout rate after the two hidden dense layers, in [0, 1); 0.5 in the paper, and 0 leaves
 *     the layers there
 * @param hiddenUnits of the two hidden dense layers, positive; 4096 in the paper
 * @see <a href="https://arxiv.org/abs/1409.1556">Simonyan and Zisserman, Very deep convolutional
 *     networks for large-scale image recognition</a>
 */
public record Vgg(int depth, boolean batchNorm, float dropout, int hiddenUnits) {
  /** Convolutions in each of the five groups. */
  private static final Map<Integer, List<Integer>> CONVOLUTIONS =
      new TreeMap<>(
          Map.of(
              11, List.of(1, 1, 2, 2, 2),
              13, List.of(2, 2, 2, 2, 2),
              16, List.of(2, 2, 3, 3, 3),
              19, List.of(2, 2, 4, 4, 4)));

  private static final List<Integer> FILTERS = List.of(64, 128, 256, 512, 512);

  public Vgg {
    ConvNorm.checkDropout(dropout);
    if (!CONVOLUTIONS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "depth must be one of %s, got %d".formatted(CONVOLUTIONS.keySet(), depth));
    }
    if (hiddenUnits < 1) {
      throw new IllegalArgumentException("hiddenUnits must be positive, got " + hiddenUnits);
    }
  }

  /** The paper's network of this depth. */
  public static Vgg of(int depth) {
    return new Vgg(depth, false, 0.5f, 4096);
  }

  /** The same with a batch norm after each convolution. */
  public Vgg withBatchNorm() {
    return new Vgg(depth, true, dropout, hiddenUnits);
  }

  /** The same with another rate of dropout. */
  public Vgg withDropout(float rate) {
    return new Vgg(depth, batchNorm, rate, hiddenUnits);
  }

  /** The same with other hidden dense layers. */
  public Vgg withHiddenUnits(int units) {
    return new Vgg(depth, batchNorm, dropout, units);
  }

  /**
   * The network for one kind of image.
   *
   * @param input {@code (C, H, W)}, at least 32×32; 3×224×224 in the paper
   * @param classes how many classes are told apart
   */
  public NetworkSpec network(Shape input, int classes) {
    NetworkSpec.Builder network =
        NetworkSpec.builder("vgg" + depth + (batchNorm ? "_bn" : ""), input);
    addFeatures(network);
    return network
        .add("flatten", new Flatten())
        .add("classifier.0", Dense.of(hiddenUnits))
        .add("classifier.1", new Relu())
        .add("classifier.2", new Dropout(dropout))
        .add("classifier.3", Dense.of(hiddenUnits))
        .add("classifier.4", new Relu())
        .add("classifier.5", new Dropout(dropout))
        .add("classifier.6", ConvNorm.classifier(classes))
        .classify("class")
        .build();
  }

  private void addFeatures(NetworkSpec.Builder network) {
    int index = 0;
    for (int group = 0; group < FILTERS.size(); group++) {
      for (int i = 0; i < CONVOLUTIONS.get(depth).get(group); i++) {
        Conv2d convolution =
            Conv2d.of(FILTERS.get(group), 3)
                .withPadding(1)
                .withInitializer(Initializer.HE_NORMAL_FAN_OUT);
        network.add("features." + index++, convolution);
        if (batchNorm) {
          network.add("features." + index++, BatchNorm.standard());
        }
        network.add("features." + index++, new Relu());
      }
      network.add("features." + index++, MaxPool2d.of(2));
    }
  }
}
