package org.convoyml.nn.train;

/** What hyperparameters must be. */
final class Checks {
  private Checks() {}

  static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1), got %s".formatted(name, value));
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s must be positive and finite, got %s".formatted(name, value));
    }
  }

  static void notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s must be at least 0 and finite, got %s".formatted(name, value));
    }
  }
}
