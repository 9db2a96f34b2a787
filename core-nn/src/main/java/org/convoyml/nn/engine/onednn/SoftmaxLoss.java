package org.convoyml.nn.engine.onednn;

/**
 * Softmax cross-entropy on the Java side: {@code N·K} numbers are few beside the layers that made
 * them. Exponentials are {@link StrictMath}'s, so that every JVM gives the same bits.
 */
final class SoftmaxLoss {
  /**
   * Added and subtracted again it makes a gradient below 10^-32 zero. From examples that the
   * network is sure of, the backward pass would else make subnormal numbers, with which processors
   * compute a hundred times slower.
   */
  private static final float TINY = 0x1p-80f;

  private final int classes;
  private final float weight;
  private final float[] logits;
  private final float[] gradient;
  private final double[] exponentials;
  private double lossSum;
  private int correct;

  /**
   * @param batch {@code N}
   * @param classes {@code K}
   * @param weight factor of loss and gradient
   */
  SoftmaxLoss(int batch, int classes, float weight) {
    this.classes = classes;
    this.weight = weight;
    this.logits = new float[batch * classes];
    this.gradient = new float[batch * classes];
    this.exponentials = new double[classes];
  }

  /** Room for the logits {@code (N, K)}. */
  float[] logits() {
    return logits;
  }

  /** The gradient {@code (N, K)} after {@link #compute}. */
  float[] gradient() {
    return gradient;
  }

  double lossSum() {
    return lossSum;
  }

  int correct() {
    return correct;
  }

  /**
   * Loss {@code log Σ_k exp z_k − z_t}, gradient {@code softmax(z)_k − [k = t]}, both times the
   * weight.
   */
  void compute(int batch, int[] labels) {
    lossSum = 0;
    correct = 0;
    for (int n = 0; n < batch; n++) {
      int row = n * classes;
      int best = 0;
      for (int k = 1; k < classes; k++) {
        if (logits[row + k] > logits[row + best]) {
          best = k;
        }
      }
      double maximum = logits[row + best];
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        exponentials[k] = StrictMath.exp(logits[row + k] - maximum);
        sum += exponentials[k];
      }
      int label = labels[n];
      for (int k = 0; k < classes; k++) {
        double target = k == label ? 1 : 0;
        gradient[row + k] = (float) (weight * (exponentials[k] / sum - target)) + TINY - TINY;
      }
      lossSum += weight * (StrictMath.log(sum) + maximum - logits[row + label]);
      correct += best == label ? 1 : 0;
    }
  }
}
