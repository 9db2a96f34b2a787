package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * Compares an engine's gradient with difference quotients of its own loss, {@code (L(p+h) − L(p−h))
 * / 2h}, for some elements of every trained tensor.
 *
 * <p>A quotient says nothing where ReLU or max pooling has a kink within {@code h} of the element.
 * Such elements are found with the reference engine's double-precision loss, whichever engine is
 * under test, and left out: where the loss is smooth, quotients at {@code h} and {@code h/4} agree,
 * and the loss bends four times less (a kink in the very middle would escape the first comparison).
 */
final class GradientCheck implements AutoCloseable {
  private static final int SAMPLES = 10;
  private static final int MOST_CANDIDATES = 60;

  private final CompiledNetwork network;
  private final CompiledNetwork reference;
  private final MicroBatch batch;
  private final float[] parameters;
  private final float[] scratch;
  private final float step;
  private final double tolerance;

  /**
   * @param step {@code h}, a power of two of at least 2^-14, so that all sums are exact
   * @param tolerance of the difference, relative to the largest element of the tensor's gradient
   */
  GradientCheck(Engine engine, EngineCase tested, int examples, float step, double tolerance) {
    CompileOptions options = CompileOptions.training(examples, 1);
    this.network = engine.compile(tested.network(), options);
    this.reference = new ReferenceEngine().compile(tested.network(), options);
    this.batch = tested.batch(examples, 11);
    this.parameters = TestNetworks.parameters(network.layout(), 12);
    this.scratch = new float[parameters.length];
    this.step = step;
    this.tolerance = tolerance;
  }

  void check() {
    float[] gradient = new float[parameters.length];
    network.load(parameters);
    network.step(batch, gradient, GradientListener.NONE);
    double largest = largest(gradient, 0, gradient.length);
    for (ParameterSlice slice : network.layout().slices()) {
      if (slice.isTrained()) {
        // A tensor without influence has a gradient of nothing but rounding: hence the floor.
        double scale = Math.max(largest(gradient, slice.offset(), slice.end()), 1e-3 * largest);
        check(slice, gradient, tolerance * scale);
      }
    }
  }

  private void check(ParameterSlice slice, float[] gradient, double allowed) {
    KeyedRandom random = KeyedRandom.of(13, slice.offset());
    boolean all = slice.length() <= SAMPLES;
    int candidates = all ? slice.length() : MOST_CANDIDATES;
    int smooth = 0;
    for (int candidate = 0; candidate < candidates && smooth < SAMPLES; candidate++) {
      int element = all ? candidate : random.nextInt(slice.length());
      int i = slice.offset() + element;
      if (!isSmooth(i, allowed / 2)) {
        continue;
      }
      smooth++;
      double slope = quotient(network, i, step).slope();
      assertThat(Math.abs(gradient[i] - slope))
          .as(
              "%s[%d]: gradient %s, difference quotient %s",
              slice.name(), element, gradient[i], slope)
          .isLessThanOrEqualTo(allowed);
    }
    assertThat(smooth)
        .as("%s: elements without a kink nearby", slice.name())
        .isGreaterThanOrEqualTo((Math.min(SAMPLES, slice.length()) + 2) / 3);
  }

  private boolean isSmooth(int i, double allowed) {
    Quotient wide = quotient(reference, i, step);
    Quotient narrow = quotient(reference, i, step / 4);
    return Math.abs(wide.slope() - narrow.slope()) <= allowed
        && Math.abs(wide.bend() - 4 * narrow.bend()) <= allowed;
  }

  /**
   * @param slope between the outer two of three points
   * @param bend slope to the right less slope to the left
   */
  private record Quotient(double slope, double bend) {}

  private Quotient quotient(CompiledNetwork of, int i, float h) {
    // Divided by the differences of the floats that were really used, not by h.
    float right = parameters[i] + h;
    float left = parameters[i] - h;
    double lossRight = loss(of, i, right);
    double lossLeft = loss(of, i, left);
    double loss = loss(of, i, parameters[i]);
    double slope = (lossRight - lossLeft) / ((double) right - left);
    double bend =
        (lossRight - loss) / ((double) right - parameters[i])
            - (loss - lossLeft) / ((double) parameters[i] - left);
    return new Quotient(slope, bend);
  }

  private double loss(CompiledNetwork of, int i, float value) {
    float[] changed = parameters.clone();
    changed[i] = value;
    of.load(changed);
    return of.step(batch, scratch, GradientListener.NONE).lossSum();
  }

  static double largest(float[] values, int from, int to) {
    double largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  @Override
  public void close() {
    network.close();
    reference.close();
  }
}
