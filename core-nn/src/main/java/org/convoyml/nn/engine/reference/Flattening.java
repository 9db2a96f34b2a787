package org.convoyml.nn.engine.reference;

/** The same numbers in the same order: only the shape differs. */
final class Flattening implements Operation {
  private final Tensor x; // (N, C, H, W)
  private final Tensor y; // (N, C·H·W)

  Flattening(Tensor x, Tensor y) {
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    System.arraycopy(x.value, 0, y.value, 0, examples * x.exampleLength());
  }

  @Override
  public void backward(int examples) {
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      x.gradient[i] += y.gradient[i];
    }
  }
}
