package org.convoyml.dl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.ParameterUpdate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** Deeplearning4j's updaters against Convoy's optimizers. */
class UpdatersTest {
  private static final int STEPS = 20;
  private static final float RATE = 0.01f;
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          NetworkSpec.builder("dense", Shape.of(6))
              .add("dense", Dense.of(4))
              .classify("class")
              .build());

  @ParameterizedTest
  @ValueSource(
      strings = {"sgd(momentum=0)", "sgd(momentum=0.9, nesterov)", "adam", "rmsprop(alpha=0.95)"})
  void parametersStayTogether(String text) {
    Optimizer optimizer = Optimizer.parse(text);
    int size = LAYOUT.size();
    float[] ours = new float[size];
    INDArray theirs = Nd4j.zeros(1, size);
    ParameterUpdate update = new ParameterUpdate(LAYOUT, optimizer, 0, size);
    IUpdater config = Updaters.of(optimizer, RATE).orElseThrow();
    GradientUpdater<?> updater =
        config.stateSize(size) == 0
            ? config.instantiate((INDArray) null, true)
            : config.instantiate(Nd4j.zeros(1, config.stateSize(size)), true);
    for (int step = 0; step < STEPS; step++) {
      float[] gradient = gradient(size, step);
      update.apply(ours, gradient.clone(), 1, RATE);
      INDArray change = Nd4j.create(gradient, new long[] {1, size}, 'c');
      updater.applyUpdater(change, step, 0);
      theirs.subi(change);
    }
    float[] found = theirs.data().asFloat();
    for (int i = 0; i < size; i++) {
      assertThat(Math.abs(found[i] - ours[i])).isLessThan(1e-4f * Math.abs(ours[i]) + 1e-6f);
    }
  }

  private static float[] gradient(int size, int step) {
    KeyedRandom random = KeyedRandom.of(7, step);
    float[] gradient = new float[size];
    for (int i = 0; i < size; i++) {
      gradient[i] = (float) (0.5 + random.nextGaussian());
    }
    return gradient;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(momentum=0.9)", "adamw", "lars", "rmsprop(alpha=0.9, momentum=0.5)"})
  void whatItLacksIsEmpty(String text) {
    assertThat(Updaters.of(Optimizer.parse(text), RATE)).isEmpty();
  }
}
