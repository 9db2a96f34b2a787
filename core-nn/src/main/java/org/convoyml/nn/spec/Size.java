package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A height and a width, of a kernel, a stride or a dilation; both positive.
 *
 * @param height rows
 * @param width columns
 */
public record Size(int height, int width) {
  public static final Size ONE = new Size(1, 1);

  public Size {
    if (height <= 0 || width <= 0) {
      throw new IllegalArgumentException("sizes must be positive, got " + height + "×" + width);
    }
  }

  public static Size square(int side) {
    return new Size(side, side);
  }

  /** What a layer with this stride says of it: nothing if it is 1. */
  String strideDescription() {
    if (equals(ONE)) {
      return "";
    }
    return ", stride " + (height == width ? String.valueOf(height) : toString());
  }

  @JsonCreator
  static Size fromJson(int... values) {
    if (values.length != 2) {
      throw new IllegalArgumentException(
          "a size is [height, width], got " + values.length + " values");
    }
    return new Size(values[0], values[1]);
  }

  @JsonValue
  int[] toJson() {
    return new int[] {height, width};
  }

  @Override
  public String toString() {
    return height + "×" + width;
  }
}
