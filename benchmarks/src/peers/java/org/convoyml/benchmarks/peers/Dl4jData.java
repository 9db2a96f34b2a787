package org.convoyml.benchmarks.peers;

import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Batches as Deeplearning4j wants them: images {@code (N, C, H, W)}, labels as one-hot rows. */
final class Dl4jData {
  private Dl4jData() {}

  /** A batch of noise. */
  static DataSet noise(NetworkSpec network, int size) {
    Shape shape = network.input();
    INDArray images =
        Nd4j.rand(DataType.FLOAT, size, shape.channels(), shape.height(), shape.width());
    return new DataSet(images, oneHot(new int[size], network.classes()));
  }

  /** The labels of a batch. */
  static INDArray oneHot(int[] labels, int classes) {
    INDArray rows = Nd4j.zeros(DataType.FLOAT, labels.length, classes);
    for (int n = 0; n < labels.length; n++) {
      rows.putScalar(n, labels[n], 1);
    }
    return rows;
  }
}
