package org.convoyml.spark.collective;

import java.io.Serializable;

/**
 * Figures that are summed along with gradients.
 *
 * @param lossSum over examples
 * @param examples how many
 * @param correct how many of them were classified correctly
 */
public record Totals(double lossSum, long examples, long correct) implements Serializable {
  public static final Totals NONE = new Totals(0, 0, 0);

  public Totals plus(Totals other) {
    return new Totals(lossSum + other.lossSum, examples + other.examples, correct + other.correct);
  }

  /** NaN without examples. */
  public double meanLoss() {
    return lossSum / examples;
  }

  /** NaN without examples. */
  public double accuracy() {
    return (double) correct / examples;
  }
}
