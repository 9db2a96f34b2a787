package org.convoyml.nn.train;

import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * A random matrix whose rows are orthonormal; its columns where there are more rows than columns.
 * Rows of a normally distributed matrix are made orthogonal one after another by Gram and Schmidt's
 * method, twice, which is as exact as it gets in double precision.
 */
final class OrthogonalMatrix {
  private OrthogonalMatrix() {}

  /** Fills a weight seen as a matrix {@code (K, everything else)}. */
  static void fill(float[] vector, ParameterSlice slice, KeyedRandom random) {
    int rows = slice.spec().shape().get(0);
    int columns = slice.length() / rows;
    boolean tall = rows > columns;
    double[][] basis = orthonormal(Math.min(rows, columns), Math.max(rows, columns), random);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        vector[slice.offset() + r * columns + c] = (float) (tall ? basis[c][r] : basis[r][c]);
      }
    }
  }

  private static double[][] orthonormal(int count, int length, KeyedRandom random) {
    double[][] basis = new double[count][length];
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < length; i++) {
        basis[r][i] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < r; before++) {
          double shared = product(basis[r], basis[before]);
          for (int i = 0; i < length; i++) {
            basis[r][i] -= shared * basis[before][i];
          }
        }
      }
      double norm = StrictMath.sqrt(product(basis[r], basis[r]));
      for (int i = 0; i < length; i++) {
        basis[r][i] /= norm;
      }
    }
    return basis;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
