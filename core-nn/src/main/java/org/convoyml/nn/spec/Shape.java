package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The shape of one example: {@code (C, H, W)} for images and feature maps, {@code (C)} for feature
 * vectors. The micro-batch dimension {@code N} is never part of it.
 *
 * @param dimensions one or three positive sizes whose product fits an {@code int}
 */
public record Shape(List<Integer> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    if (dimensions.size() != 1 && dimensions.size() != 3) {
      throw new IllegalArgumentException(
          "a shape has 1 (C) or 3 (C, H, W) dimensions, got " + dimensions);
    }
    long elements = 1;
    for (int dimension : dimensions) {
      if (dimension <= 0) {
        throw new IllegalArgumentException("dimensions must be positive, got " + dimensions);
      }
      elements *= dimension;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("more than 2^31-1 elements: " + dimensions);
      }
    }
  }

  @JsonCreator
  public static Shape of(int... dimensions) {
    return new Shape(IntStream.of(dimensions).boxed().toList());
  }

  @JsonValue
  int[] toArray() {
    return dimensions.stream().mapToInt(Integer::intValue).toArray();
  }

  /** True for {@code (C, H, W)}. */
  public boolean isSpatial() {
    return dimensions.size() == 3;
  }

  public int channels() {
    return dimensions.get(0);
  }

  /** {@code H}, or 1 for a feature vector. */
  public int height() {
    return isSpatial() ? dimensions.get(1) : 1;
  }

  /** {@code W}, or 1 for a feature vector. */
  public int width() {
    return isSpatial() ? dimensions.get(2) : 1;
  }

  /** How many numbers one example has. */
  public int elements() {
    return channels() * height() * width();
  }

  /** For example {@code 64×28×28}. */
  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining("×"));
  }
}
