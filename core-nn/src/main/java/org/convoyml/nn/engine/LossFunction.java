package org.convoyml.nn.engine;

/**
 * The loss of one output in double precision. Engines differ in how they compute layers, not in
 * this: a network's outputs are few numbers.
 */
public interface LossFunction {
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
   * label, or at the largest target. For one sigmoid: the logit is positive just if the target is
   * at least 0.5. For several sigmoids, all of them are. For regression none are.
   */
  int correct(double[] values, MicroBatch batch);
}
