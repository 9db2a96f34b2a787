package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Rows and columns of border added on each side of a feature map. The four sides are separate
 * because TensorFlow's {@code same} pads the bottom and right more than the top and left.
 *
 * @param same whether the border is what makes the output {@code ⌈input / stride⌉} long, as in
 *     TensorFlow; the four sides are then 0 and {@link #of} computes them
 */
public record Padding(boolean same, int top, int left, int bottom, int right) {
  public static final Padding NONE = new Padding(0, 0, 0, 0);
  public static final Padding SAME = new Padding(true, 0, 0, 0, 0);

  public Padding {
    if (top < 0 || left < 0 || bottom < 0 || right < 0) {
      throw new IllegalArgumentException(
          "padding must not be negative, got [%d, %d, %d, %d]".formatted(top, left, bottom, right));
    }
    if (same && (top | left | bottom | right) != 0) {
      throw new IllegalArgumentException(
          "the sides of a same padding are computed, got [%d, %d, %d, %d]"
              .formatted(top, left, bottom, right));
    }
  }

  public Padding(int top, int left, int bottom, int right) {
    this(false, top, left, bottom, right);
  }

  /** The same padding on all four sides. */
  public static Padding all(int border) {
    return new Padding(border, border, border, border);
  }

  /** The four sides for one input: itself unless it is {@link #SAME}. */
  Padding of(Shape input, Size kernel, Size dilation, Size stride) {
    if (!same) {
      return this;
    }
    int rows = needed(input.height(), kernel.height(), dilation.height(), stride.height());
    int columns = needed(input.width(), kernel.width(), dilation.width(), stride.width());
    return new Padding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2);
  }

  private static int needed(int input, int kernel, int dilation, int stride) {
    long output = (input - 1) / stride + 1;
    long needed = (output - 1) * stride + (long) dilation * (kernel - 1) + 1 - input;
    if (needed > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a same padding of %d in all, more than 2^31-1".formatted(needed));
    }
    return (int) Math.max(0, needed);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Padding fromJson(JsonNode value) {
    if (value.isTextual() && value.textValue().equals("same")) {
      return SAME;
    }
    if (value.isTextual() && value.textValue().equals("valid")) {
      return NONE;
    }
    if (!value.isArray() || value.size() != 4) {
      throw new IllegalArgumentException(
          "a padding is [top, left, bottom, right], \"same\" or \"valid\", got " + value);
    }
    for (JsonNode side : value) {
      if (!side.canConvertToInt() || !side.isIntegralNumber()) {
        throw new IllegalArgumentException("a padding has four whole numbers, got " + value);
      }
    }
    return new Padding(
        value.get(0).intValue(),
        value.get(1).intValue(),
        value.get(2).intValue(),
        value.get(3).intValue());
  }

  @JsonValue
  Object toJson() {
    return same ? "same" : new int[] {top, left, bottom, right};
  }
}
