package org.convoyml.dl4j.graph;

import java.util.List;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What a graph ends in: layers without parameters, one for each output. */
final class OutputTranslation {
  private OutputTranslation() {}

  /** Raw values, and Convoy's loss. */
  static Layer trained(BatchLoss loss) {
    return layer(loss, Activation.IDENTITY);
  }

  /** Raw values. */
  static Layer values() {
    return new ActivationLayer.Builder().activation(Activation.IDENTITY).build();
  }

  /**
   * Deeplearning4j's own loss. Label smoothing is not in it: whoever makes the labels smooths them.
   *
   * @param width how many values it has
   * @throws UnsupportedLayerException if the output's loss is not just added
   */
  static Layer loss(OutputSpec output, int width) {
    if (output.weight() != 1) {
      throw new UnsupportedLayerException(
          "output " + output.name(), "losses with a weight, such as " + output.weight());
    }
    if (output.loss() instanceof SoftmaxCrossEntropy softmax) {
      return layer(new LossMCXENT(0, weights(softmax.classWeights())), Activation.SOFTMAX);
    }
    if (output.loss() instanceof SigmoidCrossEntropy) {
      // Deeplearning4j adds the outputs' losses, Convoy takes their mean.
      INDArray shares = Nd4j.valueArrayOf(new long[] {1, width}, 1.0 / width, DataType.FLOAT);
      return layer(new LossBinaryXENT(shares), Activation.SIGMOID);
    }
    if (output.loss() instanceof MeanSquaredError) {
      return layer(new LossMSE(), Activation.IDENTITY);
    }
    throw new IllegalStateException("no loss for " + output.loss());
  }

  private static INDArray weights(List<Float> classWeights) {
    if (classWeights.isEmpty()) {
      return null;
    }
    float[] weights = new float[classWeights.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = classWeights.get(i);
    }
    return Nd4j.create(weights, new long[] {1, weights.length}, 'c');
  }

  private static LossLayer layer(ILossFunction loss, Activation activation) {
    return new LossLayer.Builder(loss).activation(activation).build();
  }
}
