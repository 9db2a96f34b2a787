package org.convoyml.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * One number for each round, shown as the median with the least and the most.
 *
 * @param values in the order of the rounds
 */
record Samples(double[] values) {
  static Samples of(int rounds) {
    return new Samples(new double[rounds]);
  }

  void set(int round, double value) {
    values[round] = value;
  }

  /** In each round this divided by the other. */
  Samples over(Samples other) {
    Samples ratios = of(values.length);
    for (int i = 0; i < values.length; i++) {
      ratios.set(i, values[i] / other.values[i]);
    }
    return ratios;
  }

  /** In each round this without the other. */
  Samples minus(Samples other) {
    Samples differences = of(values.length);
    for (int i = 0; i < values.length; i++) {
      differences.set(i, values[i] - other.values[i]);
    }
    return differences;
  }

  /** From milliseconds to how many there are in a second. */
  Samples perSecond(int number) {
    Samples rates = of(values.length);
    for (int i = 0; i < values.length; i++) {
      rates.set(i, number * 1000 / values[i]);
    }
    return rates;
  }

  double median() {
    return Stopwatch.median(values);
  }

  /** For example {@code 5,939 (5,100–6,200)}. */
  @Override
  public String toString() {
    double least = Arrays.stream(values).min().orElseThrow();
    double most = Arrays.stream(values).max().orElseThrow();
    return "%s (%s–%s)".formatted(number(median()), number(least), number(most));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }
}
