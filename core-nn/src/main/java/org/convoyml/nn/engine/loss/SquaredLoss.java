package org.convoyml.nn.engine.loss;

import org.convoyml.nn.engine.MicroBatch;

/** {@link org.convoyml.nn.spec.MeanSquaredError}. */
final class SquaredLoss implements LossFunction {
  private final double share;
  private final int width;

  SquaredLoss(double weight, int width) {
    this.share = weight / width;
    this.width = width;
  }

  @Override
  public void check(MicroBatch batch) {
    if (Targets.checkWidth(batch, width)) {
      Targets.checkRange(batch, width, -Float.MAX_VALUE, Float.MAX_VALUE);
    } else if (width > 1) {
      // One value: the label is the number that it should be, whatever it is.
      Targets.checkLabels(batch, width);
    }
  }

  @Override
  public double compute(double[] values, MicroBatch batch, double[] gradient) {
    double sum = 0;
    for (int n = 0; n < batch.size(); n++) {
      for (int k = 0; k < width; k++) {
        double error = values[n * width + k] - Targets.number(batch, width, n, k);
        sum += error * error;
        gradient[n * width + k] = share * 2 * error;
      }
    }
    return share * sum;
  }

  @Override
  public int correct(double[] values, MicroBatch batch) {
    return 0;
  }
}
