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
  private final Eltwise activation;
  private Value gradient;
  private boolean activationUndone;

  Tensor(Shape shape, Value value, boolean needsGradient, Eltwise activation) {
    this.shape = shape;
    this.value = value;
    this.needsGradient = needsGradient;
    this.activation = activation;
  }

  Tensor(Shape shape, Value value, boolean needsGradient) {
    this(shape, value, needsGradient, null);
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
   * The activation that is fused into what made it, whose derivative follows from the value; or
   * null.
   */
  Eltwise activation() {
    return activation;
  }

  /** The sum of the gradients that came so far, or null. */
  Value gradient() {
    return gradient;
  }

  void setGradient(Value sum) {
    gradient = sum;
  }

  /** Whether the gradient must still be multiplied with the fused activation's derivative. */
  boolean activationPending() {
    return activation != null && !activationUndone;
  }

  void markActivationUndone() {
    activationUndone = true;
  }
}
