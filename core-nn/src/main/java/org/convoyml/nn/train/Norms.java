package org.convoyml.nn.train;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * Squared norms of trained tensors and their gradients, in parts that do not depend on who owns
 * what: the flat vector is cut into fixed blocks, and a part is what a tensor has in a block. Parts
 * are summed in double precision in the order of their indices.
 */
public final class Norms {
  /** Elements of a block. Part of the definition of a result. */
  public static final int BLOCK = 16_384;

  private final List<Part> parts = new ArrayList<>();
  private final double[] squares;

  /** Elements {@code [from, to)} of a tensor that lie in one block. */
  private record Part(ParameterSlice slice, int from, int to) {}

  Norms(ParameterLayout layout) {
    for (ParameterSlice slice : layout.slices()) {
      if (slice.isTrained()) {
        int from = slice.offset();
        while (from < slice.end()) {
          int to = Math.min(slice.end(), (from / BLOCK + 1) * BLOCK);
          parts.add(new Part(slice, from, to));
          from = to;
        }
      }
    }
    this.squares = new double[2 * parts.size()];
  }

  /**
   * Two numbers a part: the squared norm of the gradient, and of the parameters. Owners of other
   * elements fill in the rest.
   */
  public double[] squares() {
    return squares;
  }

  /**
   * The index in {@link #squares} of the first part that begins at or behind an element, which must
   * begin a block or be the end.
   */
  public int indexOf(int element) {
    int index = 0;
    while (index < parts.size() && parts.get(index).from() < element) {
      if (parts.get(index).to() > element) {
        throw new IllegalArgumentException("element " + element + " is within a block");
      }
      index++;
    }
    return 2 * index;
  }

  /** Measures the parts in {@code [from, to)}. */
  void measure(float[] parameters, float[] gradient, int from, int to) {
    int end = indexOf(to) / 2;
    for (int p = indexOf(from) / 2; p < end; p++) {
      Part part = parts.get(p);
      squares[2 * p] = square(gradient, part);
      squares[2 * p + 1] = square(parameters, part);
    }
  }

  private static double square(float[] vector, Part part) {
    double sum = 0;
    for (int i = part.from(); i < part.to(); i++) {
      sum += (double) vector[i] * vector[i];
    }
    return sum;
  }

  /** Of the gradient of all trained parameters. */
  double gradient() {
    double sum = 0;
    for (int p = 0; p < parts.size(); p++) {
      sum += squares[2 * p];
    }
    return StrictMath.sqrt(sum);
  }

  /** Of one tensor's gradient. */
  double gradient(ParameterSlice slice) {
    return StrictMath.sqrt(sum(slice, 0));
  }

  /** Of one tensor. */
  double parameters(ParameterSlice slice) {
    return StrictMath.sqrt(sum(slice, 1));
  }

  private double sum(ParameterSlice slice, int which) {
    double sum = 0;
    for (int p = 0; p < parts.size(); p++) {
      if (parts.get(p).slice() == slice) {
        sum += squares[2 * p + which];
      }
    }
    return sum;
  }
}
