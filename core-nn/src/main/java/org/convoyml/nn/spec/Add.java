package org.convoyml.nn.spec;

import java.util.List;

/** Elementwise sum of two or more inputs of one shape: the residual connection. */
public record Add() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new IllegalArgumentException("expected at least 2 inputs, got " + inputs.size());
    }
    Shape first = inputs.get(0);
    for (Shape other : inputs) {
      if (!other.equals(first)) {
        throw new IllegalArgumentException(
            "inputs must have one shape, got " + first + " and " + other);
      }
    }
    return first;
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
