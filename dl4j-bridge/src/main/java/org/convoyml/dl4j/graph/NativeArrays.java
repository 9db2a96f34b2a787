package org.convoyml.dl4j.graph;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Native memory of arrays that nobody needs any more. */
public final class NativeArrays {
  private NativeArrays() {}

  /**
   * Gives it back now. The garbage collector would do it late: it sees small objects of Java, not
   * what they stand for.
   */
  public static void release(INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array.closeable()) {
        array.close();
      }
    }
  }
}
