package org.convoyml.nn.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.EngineContract;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;

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

  /** Numbers of eight bytes: values of everything, gradients of what is trained and above it. */
  @Test
  void thereIsRoomForNoGradientThatNobodyNeeds() {
    NetworkSpec all =
        NetworkSpec.builder("n", Shape.of(3))
            .add("first", Dense.of(5))
            .add("relu", new Relu())
            .add("second", Dense.of(7))
            .add("third", Dense.of(2))
            .classify("class")
            .build();
    int first = 3 * 5 + 5;
    int second = 5 * 7 + 7;
    int third = 7 * 2 + 2;
    Map<Set<String>, MemoryPlan> plans =
        Map.of(
            Set.of(),
            plan(2 * (first + second + third), 3 + 2 * (5 + 5 + 7 + 2)),
            Set.of("first"),
            plan(first + 2 * (second + third), 3 + 5 + 5 + 2 * (7 + 2)),
            Set.of("second"),
            plan(second + 2 * (first + third), 3 + 2 * (5 + 5 + 7 + 2)),
            Set.of("first", "second", "third"),
            plan(first + second + third, 3 + 5 + 5 + 7 + 2));
    plans.forEach(
        (frozen, expected) -> {
          try (CompiledNetwork network =
              engine().compile(all.withFrozen(frozen::contains), CompileOptions.training(4, 1))) {
            assertThat(network.memoryPlan()).as("frozen: %s", frozen).isEqualTo(expected);
          }
        });
  }

  private static MemoryPlan plan(long parameters, long valuesOfAnExample) {
    long activations = 8 * 4 * valuesOfAnExample;
    return new MemoryPlan(8 * parameters, activations, activations);
  }
}
