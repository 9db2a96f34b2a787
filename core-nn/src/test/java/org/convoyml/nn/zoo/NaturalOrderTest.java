package org.convoyml.nn.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  @Test
  void numbersInNamesAreOrderedByTheirValue() {
    List<String> ordered =
        List.of("", "7", "12", "a", "a1b", "a1b2", "a1b10", "a2", "a02", "a10", "b", "lenet5");
    List<String> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(3));
    shuffled.sort(new NaturalOrder());
    assertThat(shuffled)
        .containsExactly(
            "", "7", "12", "a", "a1b", "a1b2", "a1b10", "a02", "a2", "a10", "b", "lenet5");
  }

  @Test
  void namesAreEqualOnlyToThemselves() {
    NaturalOrder order = new NaturalOrder();
    assertThat(order.compare("a2", "a02")).isPositive();
    assertThat(order.compare("a02", "a2")).isNegative();
    assertThat(order.compare("a2", "a2")).isZero();
  }
}
