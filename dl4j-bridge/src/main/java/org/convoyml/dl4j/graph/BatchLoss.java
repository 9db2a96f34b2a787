package org.convoyml.dl4j.graph;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.loss.LossFunction;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss of Convoy's as one of Deeplearning4j's. Labels are not those that the graph was given, but
 * what the micro-batch says.
 */
public final class BatchLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  // Configurations are cloned field by field, never written.
  private final transient BatchHolder holder;
  private final transient LossFunction function;
  private double lossSum;
  private int correct;

  BatchLoss(BatchHolder holder, LossFunction function) {
    this.holder = holder;
    this.function = function;
  }

  /** Checks that a micro-batch says what this loss needs to know. */
  public void check(MicroBatch batch) {
    function.check(batch);
  }

  /** Of the micro-batch whose gradient was computed last: the loss, summed. */
  public double lossSum() {
    return lossSum;
  }

  /** Of the micro-batch whose gradient was computed last: how many examples are right. */
  public int correct() {
    return correct;
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray values, IActivation activation, INDArray mask) {
    double[] numbers = values.dup('c').data().asDouble();
    double[] gradient = new double[numbers.length];
    lossSum = function.compute(numbers, holder.get(), gradient);
    correct = function.correct(numbers, holder.get());
    float[] floats = new float[gradient.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) gradient[i];
    }
    return Nd4j.create(floats, values.shape(), 'c');
  }

  /** Is asked after the gradient. */
  @Override
  public double computeScore(
      INDArray labels, INDArray values, IActivation activation, INDArray mask, boolean average) {
    return average ? lossSum / labels.size(0) : lossSum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray values, IActivation activation, INDArray mask) {
    throw new UnsupportedOperationException("losses of single examples");
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray values, IActivation activation, INDArray mask, boolean average) {
    INDArray gradient = computeGradient(labels, values, activation, mask);
    return Pair.of(computeScore(labels, values, activation, mask, average), gradient);
  }

  @Override
  public String name() {
    return "loss of the micro-batch";
  }
}
