package org.convoyml.nn.metrics;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How often examples of each class were taken for each class. Counting is exact, so {@link #merge}
 * is associative and commutative.
 */
public final class ConfusionMatrix {
  private final int classes;
  private final long[] counts; // (actual, predicted), row-major
  private long total;

  /** Of zeros. */
  public ConfusionMatrix(int classes) {
    if (classes <= 0) {
      throw new IllegalArgumentException("classes must be positive, got " + classes);
    }
    this.classes = classes;
    this.counts = new long[Math.multiplyExact(classes, classes)];
  }

  public int classes() {
    return classes;
  }

  /** Counts one example of class {@code actual} that was taken for {@code predicted}. */
  public void add(int actual, int predicted) {
    counts[index(actual, predicted)]++;
    total++;
  }

  /**
   * Adds the other's counts to this.
   *
   * @return this
   * @throws IllegalArgumentException if the numbers of classes differ
   */
  public ConfusionMatrix merge(ConfusionMatrix other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(
          "numbers of classes differ: %d != %d".formatted(classes, other.classes));
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    return this;
  }

  /** How many examples of class {@code actual} were taken for {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[index(actual, predicted)];
  }

  /** How many examples were counted. */
  public long total() {
    return total;
  }

  /** The share of examples taken for what they are; 0 when there are none. */
  public double accuracy() {
    long correct = 0;
    for (int c = 0; c < classes; c++) {
      correct += count(c, c);
    }
    return ClassMetrics.ratio(correct, total);
  }

  /** Figures of one class against all others. */
  public ClassMetrics of(int c) {
    long truePositives = count(c, c);
    long actual = 0;
    long predicted = 0;
    for (int other = 0; other < classes; other++) {
      actual += count(c, other);
      predicted += count(other, c);
    }
    return ClassMetrics.of(
        truePositives,
        predicted - truePositives,
        actual - truePositives,
        total - actual - predicted + truePositives);
  }

  /** Figures of every class, in order. */
  public List<ClassMetrics> perClass() {
    return IntStream.range(0, classes).mapToObj(this::of).toList();
  }

  /**
   * The unweighted mean of every figure over all classes, those without examples included; support
   * is the total.
   */
  public ClassMetrics macroAverage() {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double specificity = 0;
    for (ClassMetrics metrics : perClass()) {
      precision += metrics.precision();
      recall += metrics.recall();
      f1 += metrics.f1();
      specificity += metrics.specificity();
    }
    return new ClassMetrics(
        precision / classes, recall / classes, f1 / classes, specificity / classes, total);
  }

  private int index(int actual, int predicted) {
    if (actual < 0 || actual >= classes || predicted < 0 || predicted >= classes) {
      throw new IllegalArgumentException(
          "classes must be in [0, %d), got actual %d and predicted %d"
              .formatted(classes, actual, predicted));
    }
    return actual * classes + predicted;
  }
}
