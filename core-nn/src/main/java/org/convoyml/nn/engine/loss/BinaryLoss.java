package org.convoyml.nn.engine.loss;

import org.convoyml.nn.engine.MicroBatch;

/** {@link org.convoyml.nn.spec.SigmoidCrossEntropy}. */
final class BinaryLoss implements LossFunction {
  private final double share;
  private final int width;

  BinaryLoss(double weight, int width) {
    this.share = weight / width;
    this.width = width;
  }

  @Override
  public void check(MicroBatch batch) {
    if (Targets.checkWidth(batch, width)) {
      Targets.checkRange(batch, width, 0, 1);
    } else {
      Targets.checkLabels(batch, Math.max(2, width));
    }
  }

  @Override
  public double compute(double[] values, MicroBatch batch, double[] gradient) {
    double sum = 0;
    for (int n = 0; n < batch.size(); n++) {
      for (int k = 0; k < width; k++) {
        double z = values[n * width + k];
        double target = Targets.number(batch, width, n, k);
        double small = StrictMath.exp(-Math.abs(z));
        sum += Math.max(z, 0) - z * target + StrictMath.log1p(small);
        double sigmoid = z >= 0 ? 1 / (1 + small) : small / (1 + small);
        gradient[n * width + k] = share * (sigmoid - target);
      }
    }
    return share * sum;
  }

  @Override
  public int correct(double[] values, MicroBatch batch) {
    int correct = 0;
    for (int n = 0; n < batch.size(); n++) {
      boolean all = true;
      for (int k = 0; k < width; k++) {
        boolean wanted = Targets.number(batch, width, n, k) >= 0.5;
        all &= values[n * width + k] > 0 == wanted;
      }
      correct += all ? 1 : 0;
    }
    return correct;
  }
}
