package org.convoyml.nn.engine.reference;

import java.util.List;

/** The channels of all inputs one behind the other. */
final class Concatenation implements Operation {
  private final List<Tensor> inputs; // each (N, Cᵢ, H, W)
  private final Tensor y; // (N, ΣCᵢ, H, W)

  Concatenation(List<Tensor> inputs, Tensor y) {
    this.inputs = inputs;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    for (int n = 0; n < examples; n++) {
      int channel = 0;
      for (Tensor x : inputs) {
        System.arraycopy(x.value, x.at(n, 0), y.value, y.at(n, channel), x.exampleLength());
        channel += x.channels;
      }
    }
  }

  @Override
  public void backward(int examples) {
    for (int n = 0; n < examples; n++) {
      int channel = 0;
      for (Tensor x : inputs) {
        for (int i = 0; x.hasGradient() && i < x.exampleLength(); i++) {
          x.gradient[x.at(n, 0) + i] += y.gradient[y.at(n, channel) + i];
        }
        channel += x.channels;
      }
    }
  }
}
