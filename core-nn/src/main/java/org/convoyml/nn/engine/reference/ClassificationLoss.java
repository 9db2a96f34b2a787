package org.convoyml.nn.engine.reference;

/**
 * Weighted cross-entropy of the softmax: {@code weight · (−z[t] + log Σ_k exp z[k])} for an example
 * with logits {@code z} and class {@code t}.
 */
final class ClassificationLoss {
  private final double weight;
  private final Tensor logits; // (N, K)

  ClassificationLoss(double weight, Tensor logits) {
    this.weight = weight;
    this.logits = logits;
  }

  int classes() {
    return logits.channels;
  }

  /** The loss summed over the examples. */
  double forward(int examples, int[] labels) {
    double sum = 0;
    for (int n = 0; n < examples; n++) {
      sum += logSumOfExponentials(n) - logits.value[logits.at(n, labels[n])];
    }
    return weight * sum;
  }

  /** {@code dZ[k] += weight · (softmax(z)[k] − [k = t])}. */
  void backward(int examples, int[] labels) {
    for (int n = 0; n < examples; n++) {
      double logSum = logSumOfExponentials(n);
      for (int k = 0; k < classes(); k++) {
        double softmax = StrictMath.exp(logits.value[logits.at(n, k)] - logSum);
        logits.gradient[logits.at(n, k)] += weight * (softmax - (k == labels[n] ? 1 : 0));
      }
    }
  }

  /** How many examples have their largest logit, the first of equal ones, at the label. */
  int correct(int examples, int[] labels) {
    int correct = 0;
    for (int n = 0; n < examples; n++) {
      if (largest(n) == labels[n]) {
        correct++;
      }
    }
    return correct;
  }

  /** The largest logit is taken out first, so that no exponential overflows. */
  private double logSumOfExponentials(int n) {
    double largest = logits.value[logits.at(n, largest(n))];
    double sum = 0;
    for (int k = 0; k < classes(); k++) {
      sum += StrictMath.exp(logits.value[logits.at(n, k)] - largest);
    }
    return largest + StrictMath.log(sum);
  }

  private int largest(int n) {
    int largest = 0;
    for (int k = 1; k < classes(); k++) {
      if (logits.value[logits.at(n, k)] > logits.value[logits.at(n, largest)]) {
        largest = k;
      }
    }
    return largest;
  }
}
