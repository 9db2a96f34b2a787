package org.convoyml.nn.golden;

import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/** The flat vectors that {@code parameter} in {@code scripts/oracle/counter.py} makes as well. */
final class GoldenParameters {
  private GoldenParameters() {}

  /** Numbers of the size that each kind of parameter has in trained networks. */
  static float[] of(ParameterLayout layout) {
    float[] vector = new float[layout.size()];
    for (ParameterSlice slice : layout.slices()) {
      switch (slice.spec().kind()) {
        case WEIGHT -> fill(vector, slice, Math.sqrt(6.0 / slice.spec().fanIn()), 0);
        case SCALE -> fill(vector, slice, 0.1, 1);
        case BIAS, SHIFT, RUNNING_MEAN -> fill(vector, slice, 0.1, 0);
        case RUNNING_VARIANCE -> fillVariance(vector, slice);
      }
    }
    return vector;
  }

  /** Fills a slice with numbers in {@code [shift − scale, shift + scale)}. */
  static void fill(float[] vector, ParameterSlice slice, double scale, double shift) {
    Counter.fill(vector, slice.offset(), slice.end(), "parameter " + slice.name());
    for (int i = slice.offset(); i < slice.end(); i++) {
      vector[i] = (float) (vector[i] * scale + shift);
    }
  }

  private static void fillVariance(float[] vector, ParameterSlice slice) {
    Counter.fill(vector, slice.offset(), slice.end(), "parameter " + slice.name());
    for (int i = slice.offset(); i < slice.end(); i++) {
      vector[i] = (float) (Math.abs(vector[i]) * 0.5 + 1);
    }
  }
}
