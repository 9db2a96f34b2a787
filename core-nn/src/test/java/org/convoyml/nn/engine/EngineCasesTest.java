package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.convoyml.nn.spec.LayerSpec;
import org.junit.jupiter.api.Test;

class EngineCasesTest {
  @Test
  void everyLayerThatASpecMayHaveIsUnderTest() {
    Set<Class<?>> covered =
        EngineCases.all().stream()
            .flatMap(tested -> tested.network().layers().stream())
            .map(node -> node.layer().getClass())
            .collect(Collectors.toSet());
    assertThat(covered).containsExactlyInAnyOrderElementsOf(TestNetworks.kindsOf(LayerSpec.class));
  }

  @Test
  void noTwoCasesHaveTheSameName() {
    assertThat(EngineCases.all()).extracting(EngineCase::name).doesNotHaveDuplicates();
  }
}
