package org.convoyml.nn.engine.reference;

import java.util.function.DoubleUnaryOperator;

/** {@code y = f(x)} for each number by itself, with {@code dX = dY · f′(x)}. */
final class Pointwise implements Operation {
  private final DoubleUnaryOperator function;
  private final DoubleUnaryOperator derivative;
  private final Tensor x; // (N, …)
  private final Tensor y; // as x

  /**
   * @param function {@code f}
   * @param derivative {@code f′} as a function of {@code x}
   */
  Pointwise(DoubleUnaryOperator function, DoubleUnaryOperator derivative, Tensor x, Tensor y) {
    this.function = function;
    this.derivative = derivative;
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      y.value[i] = function.applyAsDouble(x.value[i]);
    }
  }

  @Override
  public void backward(int examples) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      x.gradient[i] += y.gradient[i] * derivative.applyAsDouble(x.value[i]);
    }
  }
}
