package org.convoyml.nn.engine.reference;

/** {@code y = max(0, x)}. */
final class Rectifier implements Operation {
  private final Tensor x; // (N, …)
  private final Tensor y; // as x

  Rectifier(Tensor x, Tensor y) {
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      y.value[i] = Math.max(0, x.value[i]);
    }
  }

  @Override
  public void backward(int examples) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      if (x.value[i] > 0) {
        x.gradient[i] += y.gradient[i];
      }
    }
  }
}
