package org.convoyml.dl4j.engine;

import java.util.stream.Stream;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.EngineCase;
import org.convoyml.nn.engine.EngineContract;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class Dl4jContractTest extends EngineContract {
  @Override
  protected Engine engine() {
    return new Dl4jEngine();
  }

  @Override
  protected Stream<EngineCase> cases() {
    return super.cases().filter(tested -> Dl4jEngineTest.lacking(tested).isEmpty());
  }

  /** Of the rest, they agree with the reference's (Dl4jEngineTest), which are compared. */
  @Override
  protected Stream<EngineCase> differentiated() {
    return cases().filter(tested -> tested.name().equals("narrow LeNet"));
  }

  @Override
  protected float finiteDifferenceStep() {
    return 0x1p-9f;
  }

  /** As of oneDNN, which computes in f32 too. */
  @Override
  protected double finiteDifferenceTolerance() {
    return 1e-2;
  }
}
