package org.convoyml.aug.op;

import java.math.BigDecimal;

/**
 * The allowed values of a parameter, ends included.
 *
 * @param low smallest
 * @param high largest
 */
public record Range(double low, double high) {
  public boolean contains(double value) {
    return value >= low && value <= high;
  }

  /**
   * @throws IllegalArgumentException if the value is outside, or not a number
   */
  void check(String name, double value) {
    if (!contains(value)) {
      throw new IllegalArgumentException(
          "%s must be %s, got %s".formatted(name, this, format(value)));
    }
  }

  /** A number as people write it: {@code 10} rather than {@code 10.0}, never an exponent. */
  public static String format(double value) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** For example {@code 0 to 180}. */
  @Override
  public String toString() {
    return format(low) + " to " + format(high);
  }
}
