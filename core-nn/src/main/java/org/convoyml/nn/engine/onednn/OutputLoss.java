package org.convoyml.nn.engine.onednn;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.loss.LossFunction;

/** The loss of one output between native memory, where numbers are f32, and the Java side. */
final class OutputLoss {
  /**
   * Added and subtracted again it makes a gradient below 10^-32 zero. From examples that the
   * network is sure of, the backward pass would else make subnormal numbers, with which processors
   * compute a hundred times slower.
   */
  private static final float TINY = 0x1p-80f;

  private final LossFunction function;
  private final Tape.HostTensor output;
  private final Tape.HostTensor outputGradient;
  private final float[] numbers;
  private final double[] values;
  private final double[] gradient;
  private double lossSum;
  private int correct;

  /**
   * @param output {@code (N, K)}
   * @param outputGradient {@code (N, K)}
   * @param elements {@code N·K}
   */
  OutputLoss(
      LossFunction function, Tape.HostTensor output, Tape.HostTensor outputGradient, int elements) {
    this.function = function;
    this.output = output;
    this.outputGradient = outputGradient;
    this.numbers = new float[elements];
    this.values = new double[elements];
    this.gradient = new double[elements];
  }

  /** Reads the output, computes, and writes the output's gradient. */
  void compute(MicroBatch batch) {
    output.get(numbers, 0, numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      values[i] = numbers[i];
    }
    lossSum = function.compute(values, batch, gradient);
    correct = function.correct(values, batch);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) gradient[i] + TINY - TINY;
    }
    outputGradient.put(numbers, numbers.length);
  }

  double lossSum() {
    return lossSum;
  }

  int correct() {
    return correct;
  }
}
