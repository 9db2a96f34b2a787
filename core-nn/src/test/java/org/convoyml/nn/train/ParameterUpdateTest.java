package org.convoyml.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;

class ParameterUpdateTest {
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          NetworkSpec.builder("small", Shape.of(3))
              .add("norm", new BatchNorm(1e-5f, 0.25f))
              .add("dense", Dense.of(5))
              .classify("class")
              .build());

  @Test
  void momentumFollowsThePublishedRecurrence() {
    // v1 = 1, p1 = 1 − 0.1·1; v2 = 0.5·1 + 2, p2 = p1 − 0.1·v2.
    ParameterUpdate update = new ParameterUpdate(LAYOUT, new Sgd(0.5f), 0, 1);
    float[] parameters = new float[LAYOUT.size()];
    parameters[0] = 1;
    float[] gradient = new float[LAYOUT.size()];
    gradient[0] = 4;
    update.apply(parameters, gradient, 4, 0.1f);
    assertThat(parameters[0]).isCloseTo(0.9f, within(1e-6f));
    gradient[0] = 8;
    update.apply(parameters, gradient, 4, 0.1f);
    assertThat(parameters[0]).isCloseTo(0.65f, within(1e-6f));
    assertThat(update.state()[0]).containsExactly(2.5f);
  }

  @Test
  void runningStatisticsMoveByTheirMomentumAndIgnoreTheLearningRate() {
    ParameterUpdate update = new ParameterUpdate(LAYOUT, new Sgd(0.9f), 0, LAYOUT.size());
    float[] parameters = new float[LAYOUT.size()];
    float[] gradient = new float[LAYOUT.size()];
    int mean = LAYOUT.slice("norm.running_mean").offset();
    parameters[mean] = 8;
    gradient[mean] = 2 * 4;
    update.apply(parameters, gradient, 2, 0.001f);
    assertThat(parameters[mean]).isEqualTo(8 + 0.25f * (4 - 8));
  }

  @Test
  void ownersOfPartsTogetherDoWhatOneOwnerOfAllDoes() {
    float[] whole = values(1);
    ParameterUpdate all = new ParameterUpdate(LAYOUT, new Sgd(0.9f), 0, LAYOUT.size());
    float[] parts = values(1);
    int cut = LAYOUT.slice("dense.weight").offset() + 4;
    ParameterUpdate first = new ParameterUpdate(LAYOUT, new Sgd(0.9f), 0, cut);
    ParameterUpdate second = new ParameterUpdate(LAYOUT, new Sgd(0.9f), cut, LAYOUT.size());
    for (int step = 0; step < 3; step++) {
      all.apply(whole, values(step + 2), 3, 0.1f);
      float[] gradient = values(step + 2);
      second.apply(parts, gradient, 3, 0.1f);
      first.apply(parts, gradient, 3, 0.1f);
    }
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void aStepWithoutExamplesChangesNothing() {
    float[] parameters = values(1);
    new ParameterUpdate(LAYOUT, new Sgd(0.9f), 0, LAYOUT.size())
        .apply(parameters, new float[LAYOUT.size()], 0, 0.1f);
    assertThat(parameters).isEqualTo(values(1));
  }

  @Test
  void hyperparametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Sgd(1)).hasMessage("momentum must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new Sgd(Float.NaN)).isInstanceOf(IllegalArgumentException.class);
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
