package org.convoyml.nn.engine.reference;

import java.util.List;

/** {@code y = x₁ + x₂ + …}; the same tensor may be added more than once. */
final class Addition implements Operation {
  private final List<Tensor> inputs; // each (N, …)
  private final Tensor y; // as each input

  Addition(List<Tensor> inputs, Tensor y) {
    this.inputs = inputs;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int i = 0; i < examples * y.exampleLength(); i++) {
      double sum = 0;
      for (Tensor x : inputs) {
        sum += x.value[i];
      }
      y.value[i] = sum;
    }
  }

  @Override
  public void backward(int examples) {
    for (Tensor x : inputs) {
      if (x.hasGradient()) {
        for (int i = 0; i < examples * y.exampleLength(); i++) {
          x.gradient[i] += y.gradient[i];
        }
      }
    }
  }
}
