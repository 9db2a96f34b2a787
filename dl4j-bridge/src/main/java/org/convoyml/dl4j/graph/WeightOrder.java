package org.convoyml.dl4j.graph;

import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** In what order Deeplearning4j has the dimensions of a parameter. */
public enum WeightOrder {
  /** {@code (K)} becomes a row {@code (1, K)}. */
  VECTOR(1, 0),
  /** {@code (K, C, R, S)} stays as it is. */
  CONVOLUTION(0, 1, 2, 3),
  /** {@code (K, C)} becomes {@code (C, K)}. */
  DENSE(1, 0),
  /**
   * {@code (C·M, 1, R, S)} becomes {@code (R, S, C, M)}, where filter {@code c·M + m} is of channel
   * c.
   */
  DEPTHWISE(2, 3, 0, 1);

  /** Which of Convoy's dimensions each of Deeplearning4j's is. */
  private final int[] dimensions;

  WeightOrder(int... dimensions) {
    this.dimensions = dimensions;
  }

  /** Copies canonical numbers into Deeplearning4j's array. */
  void toDl4j(float[] canonical, INDArray array) {
    INDArray copy = Nd4j.create(canonical, canonicalShape(array), 'c');
    try {
      array.assign(copy.permute(dimensions));
    } finally {
      NativeArrays.release(copy);
    }
  }

  /** Returns an array's numbers in canonical order. */
  float[] toCanonical(INDArray array) {
    INDArray copy = array.permute(inverse()).dup('c');
    try {
      return copy.data().asFloat();
    } finally {
      NativeArrays.release(copy);
    }
  }

  private long[] canonicalShape(INDArray array) {
    long[] shape = new long[dimensions.length];
    for (int i = 0; i < shape.length; i++) {
      shape[dimensions[i]] = array.size(i);
    }
    return shape;
  }

  private int[] inverse() {
    List<Integer> order = IntStream.of(dimensions).boxed().toList();
    return IntStream.range(0, dimensions.length).map(order::indexOf).toArray();
  }
}
