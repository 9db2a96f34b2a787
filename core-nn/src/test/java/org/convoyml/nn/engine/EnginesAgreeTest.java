package org.convoyml.nn.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine against the reference, tensor by tensor. */
class EnginesAgreeTest {
  /** Of {@code max|a−b|} against {@code max|b|}. */
  private static final double TOLERANCE = 1e-4;

  /** The engines that this module is to have; a missing one shows up as a skipped test. */
  private static final List<String> EXPECTED = List.of("onednn");

  static Stream<Arguments> enginesAndCases() {
    return EXPECTED.stream()
        .flatMap(engine -> EngineCases.all().stream().map(tested -> Arguments.of(engine, tested)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void lossesGradientsAndOutputsAgreeWithTheReference(String name, EngineCase tested) {
    Optional<Engine> found =
        Engines.all().stream().filter(engine -> engine.name().equals(name)).findFirst();
    assumeTrue(found.isPresent(), () -> "engine " + name + " is not on the classpath");
    Optional<String> unavailable = found.get().unavailable();
    assumeTrue(unavailable.isEmpty(), () -> name + " cannot run here: " + unavailable.orElse(""));

    new Agreement(TOLERANCE, TOLERANCE).check(found.get(), new ReferenceEngine(), tested);
  }
}
