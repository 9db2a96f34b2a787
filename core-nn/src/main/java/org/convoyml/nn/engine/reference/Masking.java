package org.convoyml.nn.engine.reference;

import java.util.function.LongSupplier;
import org.convoyml.nn.engine.DropoutMask;

/** {@code y[i] = x[i] · factor(i)} in training, {@code y = x} in inference: dropout. */
final class Masking implements Operation {
  private final float rate;
  private final int layer;
  private final LongSupplier batchKey;
  private final Tensor x; // (N, …)
  private final Tensor y; // as x

  /**
   * @param layer index of the layer in the network
   * @param batchKey the key of the micro-batch that is computed
   */
  Masking(float rate, int layer, LongSupplier batchKey, Tensor x, Tensor y) {
    this.rate = rate;
    this.layer = layer;
    this.batchKey = batchKey;
    this.x = x;
    this.y = y;
  }

  @Override
  public void forward(int examples, boolean training) {
    long key = DropoutMask.key(batchKey.getAsLong(), layer);
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      y.value[i] = training ? x.value[i] * DropoutMask.factor(key, i, rate) : x.value[i];
    }
  }

  @Override
  public void backward(int examples) {
    long key = DropoutMask.key(batchKey.getAsLong(), layer);
    for (int i = 0; i < examples * x.exampleLength(); i++) {
      x.gradient[i] += y.gradient[i] * DropoutMask.factor(key, i, rate);
    }
  }
}
