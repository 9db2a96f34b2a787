package org.convoyml.nn.engine;

import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;

/** Networks with several outputs, and repeatable parameters and micro-batches for any network. */
public final class TestNetworks {
  /** A grid so coarse that adding a power of two down to 2^-16 to a parameter is exact. */
  private static final double GRID = 0x1p16;

  private TestNetworks() {}

  /** A main head of 4 classes with weight 1, and an earlier one of 3 classes with weight 0.3. */
  static NetworkSpec twoOutputs() {
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
    return new NetworkSpec(
        "two outputs",
        Shape.of(2, 4, 4),
        List.of(
            new LayerNode("conv", Conv2d.of(3, 3), List.of(NetworkSpec.INPUT)),
            new LayerNode("flatten", new Flatten(), List.of("conv")),
            new LayerNode("early", Dense.of(3), List.of("flatten")),
            new LayerNode("relu", new Relu(), List.of("flatten")),
            new LayerNode("main", Dense.of(4), List.of("relu"))),
        List.of(
            new OutputSpec("class", "main", loss, 1),
            new OutputSpec("auxiliary", "early", loss, 0.3f)));
  }

  /** One layer is two outputs and is used by another layer besides. */
  static NetworkSpec twoOutputsOfOneLayer() {
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
    return new NetworkSpec(
        "two outputs of one layer",
        Shape.of(5),
        List.of(
            new LayerNode("first", Dense.of(3), List.of(NetworkSpec.INPUT)),
            new LayerNode("relu", new Relu(), List.of("first")),
            new LayerNode("second", Dense.of(3), List.of("relu")),
            new LayerNode("sum", new Add(), List.of("first", "second"))),
        List.of(
            new OutputSpec("a", "first", loss, 0.5f),
            new OutputSpec("b", "sum", loss, 1),
            new OutputSpec("c", "first", loss, 2)));
  }

  /** All records of a sealed type, also those of sealed types below it. */
  public static List<Class<?>> kindsOf(Class<?> sealed) {
    return Stream.of(sealed.getPermittedSubclasses())
        .<Class<?>>flatMap(
            kind -> kind.isSealed() ? kindsOf(kind).stream() : Stream.<Class<?>>of(kind))
        .toList();
  }

  /** Random values of the size that each kind of parameter has in trained networks. */
  static float[] parameters(ParameterLayout layout, long seed) {
    KeyedRandom random = KeyedRandom.of(seed, 1);
    float[] vector = new float[layout.size()];
    for (ParameterSlice slice : layout.slices()) {
      for (int i = slice.offset(); i < slice.end(); i++) {
        double value =
            switch (slice.spec().kind()) {
              case WEIGHT -> random.nextGaussian() * Math.sqrt(2.0 / slice.spec().fanIn());
              case SCALE, RUNNING_VARIANCE -> random.uniform(0.5, 1.5);
              case BIAS, SHIFT, RUNNING_MEAN -> random.uniform(-0.5, 0.5);
            };
        vector[i] = (float) (Math.rint(value * GRID) / GRID);
      }
    }
    return vector;
  }

  /** Normally distributed pixels, and labels that every output knows. */
  static MicroBatch batch(NetworkSpec network, int examples, long seed) {
    return batch(network, examples, seed, 0);
  }

  /**
   * Also random targets in [0, 1] that sum to 1 for each example.
   *
   * @param targetWidth how many; 0 for none
   */
  static MicroBatch batch(NetworkSpec network, int examples, long seed, int targetWidth) {
    KeyedRandom random = KeyedRandom.of(seed, 2);
    var shapes = network.shapes();
    int classes =
        network.outputs().stream()
            .mapToInt(output -> shapes.get(output.layer()).channels())
            .min()
            .orElseThrow();
    MicroBatch batch = new MicroBatch(network.input(), examples, targetWidth);
    batch.setKey(seed);
    for (int n = 0; n < examples; n++) {
      int offset = batch.add(random.nextInt(classes));
      for (int i = 0; i < network.input().elements(); i++) {
        batch.images()[offset + i] = (float) random.nextGaussian();
      }
      double left = 1;
      for (int k = 0; k < targetWidth; k++) {
        double share = k == targetWidth - 1 ? left : random.uniform(0, left);
        batch.targets()[n * targetWidth + k] = (float) share;
        left -= share;
      }
    }
    return batch;
  }

  /** A micro-batch of the {@code n}-th example alone. */
  static MicroBatch single(MicroBatch batch, int n) {
    int length = batch.imageShape().elements();
    int width = batch.targetWidth();
    MicroBatch single = new MicroBatch(batch.imageShape(), 1, width);
    int offset = single.add(batch.labels()[n]);
    System.arraycopy(batch.images(), n * length, single.images(), offset, length);
    System.arraycopy(batch.targets(), n * width, single.targets(), 0, width);
    return single;
  }
}
