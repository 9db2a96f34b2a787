package org.convoyml.nn.metrics;

/**
 * Figures of one class against all others, from its true and false positives and negatives (TP, FP,
 * TN, FN). A ratio whose denominator is zero is 0, as in scikit-learn.
 *
 * @param precision TP / (TP + FP)
 * @param recall TP / (TP + FN)
 * @param f1 harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN)
 * @param specificity TN / (TN + FP)
 * @param support TP + FN, how many examples are of the class
 */
public record ClassMetrics(
    double precision, double recall, double f1, double specificity, long support) {

  static ClassMetrics of(
      long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
    return new ClassMetrics(
        ratio(truePositives, truePositives + falsePositives),
        ratio(truePositives, truePositives + falseNegatives),
        ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
        ratio(trueNegatives, trueNegatives + falsePositives),
        truePositives + falseNegatives);
  }

  static double ratio(long numerator, long denominator) {
    return denominator == 0 ? 0 : (double) numerator / denominator;
  }
}
