package org.convoyml.nn.engine;

/** Figures of one step. Engines own one and overwrite it, so that a step allocates nothing. */
public final class StepResult {
  private int examples;
  private double lossSum;
  private int correct;

  /** For engines. */
  public StepResult set(int examples, double lossSum, int correct) {
    this.examples = examples;
    this.lossSum = lossSum;
    this.correct = correct;
    return this;
  }

  public int examples() {
    return examples;
  }

  /** Loss summed over examples and (weighted) outputs. */
  public double lossSum() {
    return lossSum;
  }

  /**
   * Examples that the primary output gets right, in the sense of {@link
   * org.convoyml.nn.engine.loss.LossFunction#correct}: for a classifier, those whose largest value
   * is at the label. Regression has none.
   */
  public int correct() {
    return correct;
  }
}
