package org.convoyml.nn.engine.reference;

/** {@code y = tanh(x)}, whose derivative is {@code 1 − y²}. */
final class HyperbolicTangent implements Operation {
  private final Tensor x; // (N, …)
  private final Tensor y; // as x

  HyperbolicTangent(Tensor x, Tensor y) {
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      y.value[i] = StrictMath.tanh(x.value[i]);
    }
  }

  @Override
  public void backward(int examples) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      x.gradient[i] += y.gradient[i] * (1 - y.value[i] * y.value[i]);
    }
  }
}
