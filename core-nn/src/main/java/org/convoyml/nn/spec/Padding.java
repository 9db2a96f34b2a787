package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Rows and columns of border added on each side of a feature map. The four sides are separate
 * because TensorFlow's {@code same} pads the bottom and right more than the top and left.
 */
public record Padding(int top, int left, int bottom, int right) {
  public static final Padding NONE = new Padding(0, 0, 0, 0);

  public Padding {
    if (top < 0 || left < 0 || bottom < 0 || right < 0) {
      throw new IllegalArgumentException(
          "padding must not be negative, got [%d, %d, %d, %d]".formatted(top, left, bottom, right));
    }
  }

  /** The same padding on all four sides. */
  public static Padding all(int border) {
    return new Padding(border, border, border, border);
  }

  @JsonCreator
  static Padding fromJson(int... values) {
    if (values.length != 4) {
      throw new IllegalArgumentException(
          "a padding is [top, left, bottom, right], got " + values.length + " values");
    }
    return new Padding(values[0], values[1], values[2], values[3]);
  }

  @JsonValue
  int[] toJson() {
    return new int[] {top, left, bottom, right};
  }
}
