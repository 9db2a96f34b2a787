package org.convoyml.nn.train;

import java.util.List;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/**
 * The step from one flat vector to the next, for the range of it that one worker owns. It holds
 * that range's optimizer state.
 *
 * <p>Trained parameters follow the optimizer; running statistics move towards the micro-batches'
 * mean statistic by their momentum. What belongs to frozen layers stays as it is.
 */
public final class ParameterUpdate {
  private final List<ParameterSlice> slices;
  private final Optimizer optimizer;
  private final int from;
  private final int to;
  private final float[][] state;

  /** For elements {@code [from, to)}, with the optimizer's state at zero. */
  public ParameterUpdate(ParameterLayout layout, Optimizer optimizer, int from, int to) {
    if (from < 0 || to < from || to > layout.size()) {
      throw new IllegalArgumentException(
          "expected a range in [0, %d), got [%d, %d)".formatted(layout.size(), from, to));
    }
    this.slices =
        layout.slices().stream()
            .filter(slice -> !slice.frozen())
            .filter(slice -> slice.offset() < to && slice.end() > from)
            .toList();
    this.optimizer = optimizer;
    this.from = from;
    this.to = to;
    this.state = new float[optimizer.stateVectors()][to - from];
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /**
   * The optimizer's state vectors; element 0 belongs to parameter {@link #from()}. Live: for saving
   * and restoring.
   */
  public float[][] state() {
    return state;
  }

  /**
   * One step.
   *
   * @param parameters the flat vector; its elements {@code [from, to)} are changed
   * @param gradientSum summed over the step's examples; its elements {@code [from, to)} are divided
   *     in place
   * @param examples how many examples the sum is over; with none nothing changes
   * @param learningRate of this step
   */
  public void apply(float[] parameters, float[] gradientSum, long examples, float learningRate) {
    if (examples == 0) {
      return;
    }
    float divisor = examples;
    for (int i = from; i < to; i++) {
      gradientSum[i] /= divisor;
    }
    for (ParameterSlice slice : slices) {
      int first = Math.max(slice.offset(), from);
      int end = Math.min(slice.end(), to);
      if (slice.isTrained()) {
        optimizer.update(parameters, gradientSum, state, from, first, end, learningRate);
      } else {
        float momentum = slice.spec().runningMomentum();
        for (int i = first; i < end; i++) {
          parameters[i] += momentum * (gradientSum[i] - parameters[i]);
        }
      }
    }
  }
}
