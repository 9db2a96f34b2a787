package org.convoyml.nn.engine.onednn;

import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.EngineContract;

class OnednnEngineTest extends EngineContract {
  @Override
  protected Engine engine() {
    return new OnednnEngine();
  }

  @Override
  protected float finiteDifferenceStep() {
    return 0x1p-9f;
  }

  /**
   * The loss comes from f32 logits: relative rounding of a few 2^-24 in a loss of about 10 makes
   * the quotient wrong by up to ε·L/h = 6e-8·10·2^9 = 3e-4, seen against tensors whose largest
   * gradient is about 0.1. A wrong gradient is wrong by tens of percent.
   */
  @Override
  protected double finiteDifferenceTolerance() {
    return 1e-2;
  }
}
