package org.convoyml.nn.spec;

import java.util.List;

/**
 * Softmax over channels: {@code y_c = e^{x_c} / Σ_k e^{x_k}}, for each pixel of a feature map by
 * itself. A classifier trained with {@link SoftmaxCrossEntropy} must not end in it: that loss takes
 * logits.
 */
public record Softmax() implements LayerSpec {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.only(inputs);
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
