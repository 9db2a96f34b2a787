package org.convoyml.nn.train;

import java.util.List;
import org.convoyml.nn.spec.ParameterKind;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * The step from one flat vector to the next, for the range of it that one worker owns. It holds
 * that range's optimizer state.
 *
 * <p>Trained parameters follow the optimizer; running statistics move towards the micro-batches'
 * mean statistic by their momentum. What belongs to frozen layers stays as it is.
 *
 * <p>Protocol of each step: {@link #apply} by an owner of everything, or of a rule that needs no
 * norms; else {@link #prepare}, completing {@link #norms} with what other owners measured, and
 * {@link #finish}.
 */
public final class ParameterUpdate {
  /** Keeps the scale finite where the gradient's norm is zero, as in PyTorch. */
  private static final double CLIP_EPSILON = 1e-6;

  private final List<ParameterSlice> slices;
  private final UpdateRule rule;
  private final int length;
  private final int from;
  private final int to;
  private final float[][] state;
  private final Aligned aligned;
  private final Norms norms;
  private final Optimizer.Step step = new Optimizer.Step();
  private long steps;
  private float examples;
  private boolean divided;

  /**
   * For elements {@code [from, to)}, with the optimizer's state at zero.
   *
   * @throws IllegalArgumentException if the rule needs norms and the range does not consist of
   *     whole blocks of {@link Norms#BLOCK}
   */
  public ParameterUpdate(ParameterLayout layout, UpdateRule rule, int from, int to) {
    if (from < 0 || to < from || to > layout.size()) {
      throw new IllegalArgumentException(
          "expected a range in [0, %d), got [%d, %d)".formatted(layout.size(), from, to));
    }
    this.slices =
        layout.slices().stream()
            .filter(slice -> !slice.frozen())
            .filter(slice -> slice.offset() < to && slice.end() > from)
            .toList();
    this.rule = rule;
    this.length = layout.size();
    this.from = from;
    this.to = to;
    this.state = new float[rule.stateVectors()][to - from];
    this.aligned = from == 0 ? null : new Aligned(rule.optimizer().stateVectors());
    this.norms = rule.needsNorms() ? new Norms(layout) : null;
    if (norms != null) {
      norms.indexOf(from);
      norms.indexOf(to);
    }
  }

  /** With an optimizer alone. */
  public ParameterUpdate(ParameterLayout layout, Optimizer optimizer, int from, int to) {
    this(layout, UpdateRule.of(optimizer), from, to);
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /**
   * The rule's state vectors; element 0 belongs to parameter {@link #from()}. Live: for saving and
   * restoring.
   */
  public float[][] state() {
    return state;
  }

  /** Goes on behind a number of steps that were taken before. */
  public void startAfter(long stepsTaken) {
    steps = stepsTaken;
  }

  /** What {@link #finish} needs of all owners, or null if it needs nothing. */
  public Norms norms() {
    return norms;
  }

  /**
   * One step, by an owner of everything or where no norms are needed.
   *
   * @param parameters the flat vector; its elements {@code [from, to)} are changed
   * @param gradientSum summed over the step's examples; its elements {@code [from, to)} are changed
   *     too
   * @param examples how many examples the sum is over; with none nothing changes
   * @param learningRate of this step
   */
  public void apply(float[] parameters, float[] gradientSum, long examples, float learningRate) {
    if (norms != null && (from > 0 || to < length)) {
      throw new IllegalStateException("an owner of a part needs to know the others' norms");
    }
    prepare(parameters, gradientSum, examples);
    finish(parameters, gradientSum, learningRate);
  }

  /** Takes note of the number of examples, and measures what is owned if that is needed. */
  public void prepare(float[] parameters, float[] gradientSum, long newExamples) {
    examples = newExamples;
    divided = false;
    if (norms != null && newExamples > 0) {
      divide(gradientSum, from, to);
      divided = true;
      norms.measure(parameters, gradientSum, from, to);
    }
  }

  /** Takes the step that was prepared. */
  public void finish(float[] parameters, float[] gradient, float learningRate) {
    // Steps without examples count too: their number must not depend on where a training resumed.
    steps++;
    if (examples == 0) {
      if (steps == 1) {
        average(parameters);
      }
      return;
    }
    step.begin(steps, learningRate);
    double scale = clipScale();
    // By index: an iterator would be an allocation.
    for (int s = 0; s < slices.size(); s++) {
      ParameterSlice slice = slices.get(s);
      int end = Math.min(slice.end(), to);
      if (slice.isTrained()) {
        describe(slice, scale);
      }
      // All that is to be done with a block while it is in the cache.
      for (int first = Math.max(slice.offset(), from); first < end; first += Norms.BLOCK) {
        update(slice, parameters, gradient, first, Math.min(first + Norms.BLOCK, end), scale);
      }
    }
    average(parameters);
  }

  private void update(
      ParameterSlice slice,
      float[] parameters,
      float[] gradient,
      int first,
      int end,
      double scale) {
    if (!divided) {
      divide(gradient, first, end);
    }
    if (slice.isTrained()) {
      clip(gradient, first, end, scale);
      if (aligned == null) {
        rule.optimizer().update(parameters, gradient, state, first, end, step);
      } else {
        aligned.update(parameters, gradient, first, end);
      }
    } else {
      float momentum = slice.spec().runningMomentum();
      for (int i = first; i < end; i++) {
        parameters[i] = Tiny.flushed(parameters[i] + momentum * (gradient[i] - parameters[i]));
      }
    }
  }

  /** Makes a mean of a sum. */
  private void divide(float[] gradient, int first, int end) {
    float divisor = examples;
    for (int i = first; i < end; i++) {
      gradient[i] /= divisor;
    }
  }

  private double clipScale() {
    if (rule.clipNorm() == 0) {
      return 1;
    }
    return Math.min(1, rule.clipNorm() / (norms.gradient() + CLIP_EPSILON));
  }

  private static void clip(float[] gradient, int first, int end, double scale) {
    if (scale < 1) {
      float factor = (float) scale;
      for (int i = first; i < end; i++) {
        gradient[i] *= factor;
      }
    }
  }

  private void describe(ParameterSlice slice, double scale) {
    boolean weight = slice.spec().kind() == ParameterKind.WEIGHT;
    boolean measured = rule.optimizer().needsNorms();
    step.tensor(
        weight ? rule.weightDecay() : 0,
        weight,
        measured ? norms.parameters(slice) : 0,
        measured ? scale * norms.gradient(slice) : 0);
  }

  /**
   * {@code a ← a + (1 − d)·(p − a)}, where {@code d} rises to the decay as {@code (1 + t) / (10 +
   * t)}, so that the start is forgotten soon.
   */
  private void average(float[] parameters) {
    if (!rule.averages()) {
      return;
    }
    float[] averages = state[state.length - 1];
    double behind = steps - 1.0;
    // It begins with the parameters after the first step, whether that had examples or not.
    double decay = steps == 1 ? 0 : Math.min(rule.averageDecay(), (1 + behind) / (10 + behind));
    float share = (float) (1 - decay);
    for (int i = from; i < to; i++) {
      averages[i - from] =
          Tiny.flushed(averages[i - from] + share * (parameters[i] - averages[i - from]));
    }
  }

  /**
   * Copies of a few elements, in which parameters have the index of their state. The optimizers'
   * loops are vector instructions then, which pays for the copies.
   */
  private final class Aligned {
    /** So few that all copies stay in the first cache. */
    private static final int LENGTH = 1024;

    private final float[] parameters = new float[LENGTH];
    private final float[] gradient = new float[LENGTH];
    private final float[][] blockState;

    private Aligned(int stateVectors) {
      this.blockState = new float[stateVectors][LENGTH];
    }

    private void update(float[] allParameters, float[] allGradient, int begin, int end) {
      for (int first = begin; first < end; first += LENGTH) {
        updateFew(allParameters, allGradient, first, Math.min(LENGTH, end - first));
      }
    }

    private void updateFew(float[] allParameters, float[] allGradient, int first, int length) {
      System.arraycopy(allParameters, first, parameters, 0, length);
      System.arraycopy(allGradient, first, gradient, 0, length);
      for (int s = 0; s < rule.optimizer().stateVectors(); s++) {
        System.arraycopy(state[s], first - from, blockState[s], 0, length);
      }
      rule.optimizer().update(parameters, gradient, blockState, 0, length, step);
      System.arraycopy(parameters, 0, allParameters, first, length);
      for (int s = 0; s < rule.optimizer().stateVectors(); s++) {
        System.arraycopy(blockState[s], 0, state[s], first - from, length);
      }
    }
  }
}
