package org.convoyml.nn.engine.onednn;

import org.convoyml.nn.spec.Shape;

/**
 * A layer's output while the network is compiled. Its value may still have the dimensions from
 * before a flatten layer, which dense and elementwise layers do not mind.
 */
final class Tensor {
  private final Shape shape;
  private final Value value;
  private final boolean needsGradient;
  private final boolean endsInRelu;
  private Value gradient;
  private boolean reluUndone;

  Tensor(Shape shape, Value value, boolean needsGradient, boolean endsInRelu) {
    this.shape = shape;
    this.value = value;
    this.needsGradient = needsGradient;
    this.endsInRelu = endsInRelu;
  }

  Shape shape() {
    return shape;
  }

  Value value() {
    return value;
  }

  /** Whether some layer at or below it is trained. */
  boolean needsGradient() {
    return needsGradient;
  }

  /**
   * Whether a ReLU is fused into what made it, so that {@code value > 0} tells where the gradient
   * passes.
   */
  boolean endsInRelu() {
    return endsInRelu;
  }

  /** The sum of the gradients that came so far, or null. */
  Value gradient() {
    return gradient;
  }

  void setGradient(Value sum) {
    gradient = sum;
  }

  /** Whether the gradient already has the ReLU's zeros. */
  boolean reluUndone() {
    return reluUndone;
  }

  void markReluUndone() {
    reluUndone = true;
  }
}
