package org.convoyml.nn.spec;

import java.util.List;

/** A function of each number by itself; input and output have the same shape. */
public sealed interface Activation extends LayerSpec
    permits Elu, Gelu, HardSwish, LeakyRelu, Linear, Relu, Relu6, Sigmoid, Silu, Tanh {
  @Override
  default Shape outputShape(List<Shape> inputs) {
    return Inputs.only(inputs);
  }
}
