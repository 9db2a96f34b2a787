package org.convoyml.nn.engine.loss;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Loss;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;

/**
 * The loss of one output in double precision. Engines differ in how they compute layers, not in
 * this. It may keep working memory, so it belongs to one thread.
 */
public interface LossFunction {
  /**
   * The loss of an output.
   *
   * @param width {@code K}, how many values the output has for each example
   */
  static LossFunction of(OutputSpec output, int width) {
    Loss loss = output.loss();
    double weight = output.weight();
    if (loss instanceof SoftmaxCrossEntropy softmax) {
      return new CategoricalLoss(softmax, weight, width);
    }
    if (loss instanceof SigmoidCrossEntropy) {
      return new BinaryLoss(weight, width);
    }
    if (loss instanceof MeanSquaredError) {
      return new SquaredLoss(weight, width);
    }
    throw new IllegalStateException("no function for the loss " + loss);
  }

  /**
   * Checks that a micro-batch says what this loss needs to know.
   *
   * @throws IllegalArgumentException naming the example, what was expected and what came
   */
  void check(MicroBatch batch);

  /**
   * The loss summed over examples, times the output's weight.
   *
   * @param values of the output {@code (N, K)}, row-major
   * @param gradient overwritten with that of the returned loss, {@code (N, K)}
   */
  double compute(double[] values, MicroBatch batch, double[] gradient);

  /**
   * Examples that are right. For classifiers: the largest value, the first of equal ones, is at the
   * label, or at the largest target. For sigmoids: each logit is positive just if its target is at
   * least 0.5. For regression none are.
   */
  int correct(double[] values, MicroBatch batch);
}
