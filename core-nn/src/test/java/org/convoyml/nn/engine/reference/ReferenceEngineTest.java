package org.convoyml.nn.engine.reference;

import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.EngineContract;

class ReferenceEngineTest extends EngineContract {
  @Override
  protected Engine engine() {
    return new ReferenceEngine();
  }

  /** Rounding of a double loss costs 1e-16·L/h = 1e-12, the cut-off series about h² = 4e-9. */
  @Override
  protected float finiteDifferenceStep() {
    return 0x1p-14f;
  }

  @Override
  protected double finiteDifferenceTolerance() {
    return 1e-5;
  }
}
