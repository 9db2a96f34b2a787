package org.convoyml.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes beyond one optimizer on one tensor. */
class UpdateRuleTest {
  /** Five blocks, tensors across their borders, one of them frozen. */
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          NetworkSpec.builder("rule", Shape.of(150))
              .add("norm", BatchNorm.standard())
              .add("first", Dense.of(200))
              .add("second", Dense.of(150))
              .add("third", Dense.of(7))
              .classify("class")
              .build()
              .withFrozen("second"::equals));

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop(momentum=0.5)", "lars"})
  void ownersOfBlocksTogetherDoWhatOneOwnerOfAllDoes(String optimizer) {
    UpdateRule rule = new UpdateRule(Optimizer.parse(optimizer), 0.01f, 0.5f, 0.9f);
    float[] whole = values(1);
    ParameterUpdate all = new ParameterUpdate(LAYOUT, rule, 0, LAYOUT.size());
    float[] parts = values(1);
    int cut = 2 * Norms.BLOCK;
    ParameterUpdate first = new ParameterUpdate(LAYOUT, rule, 0, cut);
    ParameterUpdate second = new ParameterUpdate(LAYOUT, rule, cut, LAYOUT.size());
    for (int step = 0; step < 3; step++) {
      all.apply(whole, values(step + 2), 3, 0.1f);
      float[] gradient = values(step + 2);
      second.prepare(parts, gradient, 3);
      first.prepare(parts, gradient, 3);
      exchange(first, second, cut);
      first.finish(parts, gradient, 0.1f);
      second.finish(parts, gradient, 0.1f);
    }
    assertThat(parts).isEqualTo(whole);
    int average = rule.stateVectors() - 1;
    assertThat(first.state()[average]).isEqualTo(Arrays.copyOfRange(all.state()[average], 0, cut));
  }

  private static void exchange(ParameterUpdate first, ParameterUpdate second, int cut) {
    double[] low = first.norms().squares();
    double[] high = second.norms().squares();
    int middle = first.norms().indexOf(cut);
    System.arraycopy(low, 0, high, 0, middle);
    System.arraycopy(high, middle, low, middle, high.length - middle);
  }

  @Test
  void aPartAloneCannotKnowNorms() {
    UpdateRule rule = new UpdateRule(new Sgd(0), 0, 1, 0);
    ParameterUpdate part = new ParameterUpdate(LAYOUT, rule, 0, Norms.BLOCK);
    assertThatThrownBy(() -> part.apply(values(1), values(2), 1, 0.1f))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new ParameterUpdate(LAYOUT, rule, 0, 1000))
        .hasMessage("element 1000 is within a block");
  }

  @Test
  void clippingScalesTheGradientOfTrainedParametersToTheNorm() {
    float[] parameters = new float[LAYOUT.size()];
    float[] gradient = values(2);
    new ParameterUpdate(LAYOUT, new UpdateRule(new Sgd(0), 0, 0.25f, 0), 0, LAYOUT.size())
        .apply(parameters, gradient, 1, 1);
    double squares = 0;
    for (ParameterSlice slice : LAYOUT.slices()) {
      for (int i = slice.offset(); i < slice.end(); i++) {
        squares += slice.isTrained() ? (double) parameters[i] * parameters[i] : 0;
      }
    }
    assertThat(Math.sqrt(squares)).isCloseTo(0.25, within(1e-5));
  }

  @Test
  void onlyWeightsDecayAndFrozenLayersStay() {
    float[] parameters = new float[LAYOUT.size()];
    Arrays.fill(parameters, 1);
    new ParameterUpdate(LAYOUT, new UpdateRule(new Sgd(0), 0.5f, 0, 0), 0, LAYOUT.size())
        .apply(parameters, new float[LAYOUT.size()], 1, 0.1f);
    assertThat(parameters[LAYOUT.slice("first.weight").offset()]).isEqualTo(0.95f);
    assertThat(parameters[LAYOUT.slice("first.bias").offset()]).isEqualTo(1);
    assertThat(parameters[LAYOUT.slice("norm.weight").offset()]).isEqualTo(1);
    assertThat(parameters[LAYOUT.slice("second.weight").offset()]).isEqualTo(1);
  }

  @Test
  void theAverageStartsAtTheFirstParametersAndFollows() {
    ParameterUpdate update =
        new ParameterUpdate(LAYOUT, new UpdateRule(new Sgd(0), 0, 0, 0.5f), 0, LAYOUT.size());
    float[] parameters = new float[LAYOUT.size()];
    int element = LAYOUT.slice("first.bias").offset();
    float[] gradient = new float[LAYOUT.size()];
    gradient[element] = -1;
    update.apply(parameters, gradient, 1, 1);
    assertThat(update.state()[0][element]).isEqualTo(1);
    gradient[element] = -1;
    update.apply(parameters, gradient, 1, 1);
    // The decay of the second step is 2/11.
    assertThat(update.state()[0][element]).isCloseTo(1 + 9f / 11, within(1e-6f));
  }

  private static float[] values(long key) {
    KeyedRandom random = KeyedRandom.of(key);
    float[] values = new float[LAYOUT.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.uniform(-1, 1);
    }
    return values;
  }
}
