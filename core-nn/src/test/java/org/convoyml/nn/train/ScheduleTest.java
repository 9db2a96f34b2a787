package org.convoyml.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.train.LearningRateSchedule.Plateau;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  /** Of 100 steps in 10 epochs; one-cycle as PyTorch's OneCycleLR with total_steps=100 gives it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant             | 0  | 1",
        "constant             | 99 | 1",
        "cosine               | 0  | 1",
        "cosine               | 50 | 0.5",
        "cosine               | 25 | 0.8535533906",
        "step(3, 0.1)         | 29 | 1",
        "step(3, 0.1)         | 30 | 0.1",
        "step(3, 0.1)         | 69 | 0.01",
        "exponential(0.5)     | 9  | 1",
        "exponential(0.5)     | 25 | 0.25",
        "polynomial(2)        | 50 | 0.25",
        "polynomial           | 25 | 0.75",
        "one-cycle            | 0  | 0.04",
        "one-cycle            | 29 | 1",
        "one-cycle            | 99 | 0.000004",
        "one-cycle(0.5)       | 49 | 1",
        "plateau              | 70 | 1",
      })
  void factorsAreThePublishedOnes(String text, long step, double factor) {
    assertThat(LearningRateSchedule.parse(text).factor(step, 10, 100))
        .isCloseTo(factor, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "constant",
        "cosine",
        "one-cycle(0.25)",
        "step(30, 0.1)",
        "exponential(0.97)",
        "polynomial(2.0)",
        "plateau(0.5, 3)"
      })
  void schedulesAreWrittenAsTheyAreRead(String text) {
    LearningRateSchedule schedule = LearningRateSchedule.parse(text);
    assertThat(schedule).hasToString(text);
    assertThat(LearningRateSchedule.parse(schedule.toString())).isEqualTo(schedule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(momentum=0.9)",
        "sgd(momentum=0.9, nesterov)",
        "sgd(momentum=0.0)",
        "rmsprop(alpha=0.99, epsilon=1.0E-8, momentum=0.0)",
        "adam(beta1=0.9, beta2=0.999, epsilon=1.0E-8)",
        "adamw(beta1=0.8, beta2=0.99, epsilon=0.001)",
        "lars(momentum=0.9, trust=0.001, epsilon=1.0E-9)"
      })
  void optimizersAreWrittenAsTheyAreRead(String text) {
    Optimizer optimizer = Optimizer.parse(text);
    assertThat(optimizer).hasToString(text);
    assertThat(Optimizer.parse(optimizer.toString())).isEqualTo(optimizer);
  }

  @Test
  void defaultsNeedNoParentheses() {
    assertThat(Optimizer.parse("sgd")).isEqualTo(new Sgd(0.9f));
    assertThat(Optimizer.parse(" adamw ( beta2 = 0.99 ) "))
        .isEqualTo(new Adam(0.9f, 0.99f, 1e-8f, true));
    assertThat(Optimizer.parse("sgd(nesterov)")).isEqualTo(new Sgd(0.9f, true));
    assertThat(LearningRateSchedule.parse("step(epochs=5)"))
        .isEqualTo(new LearningRateSchedule.Step(5, 0.1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "zigzag          | schedule \"zigzag\", column 1: expected one of constant, cosine,",
        "step            | schedule \"step\", column 5: step needs epochs",
        "step(3, 0.1, 7) | schedule \"step(3, 0.1, 7)\", column 14: expected constant, cosine,",
        "step(3, much)   | schedule \"step(3, much)\", column 9: expected constant, cosine,",
        "step(3, factor=x)| schedule \"step(3, factor=x)\", column 9: expected a number for factor",
        "step(3          | schedule \"step(3\", column 7: expected ')'",
        "step(0)         | schedule \"step(0)\": epochs must be positive, got 0",
        "step(2.5)       | schedule \"step(2.5)\": epochs must be a whole number, got 2.5",
        "one-cycle(1)    | schedule \"one-cycle(1)\": share must be in (0, 1), got 1.0",
        "exponential(2)  | schedule \"exponential(2)\": factor must be in (0, 1], got 2.0",
      })
  void whatIsWrongIsSaidWithItsColumn(String text, String message) {
    assertThatThrownBy(() -> LearningRateSchedule.parse(text))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void wrongOptimizersAreRefused() {
    assertThatThrownBy(() -> Optimizer.parse("sdg"))
        .hasMessageStartingWith("optimizer \"sdg\", column 1: expected one of sgd(momentum=M,");
    assertThatThrownBy(() -> Optimizer.parse("adam(beta3=0.5)"))
        .hasMessageStartingWith("optimizer \"adam(beta3=0.5)\", column 6: expected sgd(");
    assertThatThrownBy(() -> Optimizer.parse("adam(beta1=1)"))
        .hasMessage("optimizer \"adam(beta1=1)\": beta1 must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> Optimizer.parse("sgd(momentum=0, nesterov)"))
        .hasMessageEndingWith("nesterov needs a momentum above 0");
  }

  @Test
  void warmUpRisesLinearlyUnderAnySchedule() {
    LearningRate rate = new LearningRate(0.4, 2, new LearningRateSchedule.Constant());
    assertThat(rate.at(0, 10, 100)).isEqualTo(0.4f / 20);
    assertThat(rate.at(9, 10, 100)).isEqualTo(0.2f);
    assertThat(rate.at(19, 10, 100)).isEqualTo(0.4f);
    assertThat(rate.at(99, 10, 100)).isEqualTo(0.4f);
    assertThatThrownBy(() -> rate.at(100, 10, 100)).hasMessage("step must be in [0, 100), got 100");
  }

  @Test
  void aPlateauLowersTheRateWhenPatienceIsOver() {
    Plateau plateau = new Plateau(0.1, 2);
    Plateau.State state = Plateau.State.START;
    double[] factors = new double[7];
    double[] losses = {2, 1, 1.5, 1.5, 1.5, 0.5, 0.49999};
    for (int epoch = 0; epoch < losses.length; epoch++) {
      state = plateau.after(state, losses[epoch]);
      factors[epoch] = state.factor();
    }
    assertThat(factors).containsExactly(1, 1, 1, 1, 0.1, 0.1, 0.1);
    assertThat(state.lowest()).isEqualTo(0.5);
    assertThat(state.waited()).isEqualTo(1);
  }
}
