package org.convoyml.nn.train;

import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.Initializer;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.ParameterSpec;

/** Makes the flat vector that a training starts from. */
public final class ParameterInitializer {
  /** Keeps these draws apart from others with the same seed. */
  private static final long PURPOSE = 0x696E6974L;

  private static final double SMALL_VARIANCE = 0.01 * 0.01;

  private ParameterInitializer() {}

  /** A new flat vector; a pure function of layout and seed. */
  public static float[] initialize(ParameterLayout layout, long seed) {
    float[] vector = new float[layout.size()];
    for (int s = 0; s < layout.slices().size(); s++) {
      fill(vector, layout.slices().get(s), KeyedRandom.of(PURPOSE, seed, s));
    }
    return vector;
  }

  private static void fill(float[] vector, ParameterSlice slice, KeyedRandom random) {
    ParameterSpec spec = slice.spec();
    if (spec.initializer() == Initializer.ORTHOGONAL) {
      OrthogonalMatrix.fill(vector, slice, random);
      return;
    }
    double fanIn = spec.fanIn();
    double fanSum = fanIn + spec.fanOut();
    for (int i = slice.offset(); i < slice.end(); i++) {
      vector[i] =
          switch (spec.initializer()) {
            case HE_NORMAL -> normal(random, 2 / fanIn);
            case HE_NORMAL_FAN_OUT -> normal(random, 2.0 / spec.fanOut());
            case HE_UNIFORM -> uniform(random, 6 / fanIn);
            case XAVIER_NORMAL -> normal(random, 2 / fanSum);
            case XAVIER_UNIFORM -> uniform(random, 6 / fanSum);
            case ORTHOGONAL -> throw new IllegalStateException("filled as a whole");
            case SMALL_NORMAL -> normal(random, SMALL_VARIANCE);
            case ZEROS -> 0;
            case ONES -> 1;
          };
    }
  }

  private static float normal(KeyedRandom random, double variance) {
    return (float) (StrictMath.sqrt(variance) * random.nextGaussian());
  }

  /** Uniform in {@code ±√squaredBound}. */
  private static float uniform(KeyedRandom random, double squaredBound) {
    double bound = StrictMath.sqrt(squaredBound);
    return (float) random.uniform(-bound, bound);
  }
}
