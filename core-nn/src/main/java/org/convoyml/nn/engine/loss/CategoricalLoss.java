package org.convoyml.nn.engine.loss;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;

/** {@link SoftmaxCrossEntropy}. */
final class CategoricalLoss implements LossFunction {
  private final double smoothing;
  private final double[] classWeights;
  private final double weight;
  private final int width;
  private final double[] exponentials;

  CategoricalLoss(SoftmaxCrossEntropy spec, double weight, int width) {
    this.smoothing = spec.labelSmoothing();
    this.classWeights = new double[width];
    for (int k = 0; k < width; k++) {
      classWeights[k] = spec.classWeights().isEmpty() ? 1 : spec.classWeights().get(k);
    }
    this.weight = weight;
    this.width = width;
    this.exponentials = new double[width];
  }

  @Override
  public void check(MicroBatch batch) {
    if (Targets.checkWidth(batch, width)) {
      Targets.checkRange(batch, width, 0, 1);
    } else {
      Targets.checkLabels(batch, width);
    }
  }

  @Override
  public double compute(double[] values, MicroBatch batch, double[] gradient) {
    double sum = 0;
    for (int n = 0; n < batch.size(); n++) {
      sum += compute(values, n, batch, gradient);
    }
    return weight * sum;
  }

  private double compute(double[] values, int n, MicroBatch batch, double[] gradient) {
    int row = n * width;
    // The largest is taken out first, so that no exponential overflows.
    double largest = values[row + largest(values, row)];
    double sum = 0;
    for (int k = 0; k < width; k++) {
      exponentials[k] = StrictMath.exp(values[row + k] - largest);
      sum += exponentials[k];
    }
    double logSum = largest + StrictMath.log(sum);
    double loss = 0;
    double mass = 0; // Σ_k w_k·q_k
    for (int k = 0; k < width; k++) {
      double wanted = wanted(batch, n, k);
      mass += wanted;
      // A class that nobody wants must not make NaN of an infinite logarithm.
      loss += wanted == 0 ? 0 : wanted * (logSum - values[row + k]);
    }
    for (int k = 0; k < width; k++) {
      double probability = exponentials[k] / sum;
      gradient[row + k] = weight * (probability * mass - wanted(batch, n, k));
    }
    return loss;
  }

  /** {@code w_k·q_k}. */
  private double wanted(MicroBatch batch, int n, int k) {
    double target = Targets.oneHot(batch, width, n, k);
    return classWeights[k] * ((1 - smoothing) * target + smoothing / width);
  }

  @Override
  public int correct(double[] values, MicroBatch batch) {
    int correct = 0;
    for (int n = 0; n < batch.size(); n++) {
      if (largest(values, n * width) == wantedClass(batch, n)) {
        correct++;
      }
    }
    return correct;
  }

  private int wantedClass(MicroBatch batch, int n) {
    if (batch.targetWidth() == 0) {
      return batch.labels()[n];
    }
    int largest = 0;
    for (int k = 1; k < width; k++) {
      if (batch.targets()[n * width + k] > batch.targets()[n * width + largest]) {
        largest = k;
      }
    }
    return largest;
  }

  private int largest(double[] values, int row) {
    int largest = 0;
    for (int k = 1; k < width; k++) {
      if (values[row + k] > values[row + largest]) {
        largest = k;
      }
    }
    return largest;
  }
}
