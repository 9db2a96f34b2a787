package org.convoyml.nn.train;

import java.io.Serializable;
import org.convoyml.nn.ConvoyException;

/**
 * How trained parameters follow their gradient. An optimizer is a value without state; its state
 * vectors (velocities and the like) start at zero and belong to whoever owns the range of
 * parameters.
 */
public sealed interface Optimizer extends Serializable permits Adam, Lars, RmsProp, Sgd {
  /** All that can be written, for messages and help. */
  String CHOICES =
      "sgd(momentum=M, nesterov), rmsprop(alpha=A, epsilon=E, momentum=M), "
          + "adam(beta1=B, beta2=B, epsilon=E), adamw(beta1=B, beta2=B, epsilon=E), "
          + "lars(momentum=M, trust=T, epsilon=E)";

  /** How many numbers of state it keeps for each parameter. */
  int stateVectors();

  /** Whether {@link Step#parameterNorm} and {@link Step#gradientNorm} are needed. */
  default boolean needsNorms() {
    return false;
  }

  /**
   * One step for parameters {@code [from, to)} of one tensor. All arrays have the same index: with
   * two, Java would not make vector instructions of the loop.
   *
   * @param parameters changed in place
   * @param gradient of the mean loss
   * @param state at least {@link #stateVectors()} arrays, changed in place
   * @param step figures of this step and tensor
   */
  void update(float[] parameters, float[] gradient, float[][] state, int from, int to, Step step);

  /** Figures of one step, for one tensor. Reused from tensor to tensor. */
  final class Step {
    private long number;
    private float learningRate;
    private float weightDecay;
    private boolean adapted;
    private double parameterNorm;
    private double gradientNorm;

    /** For the whole step: its number, from 1, and its learning rate. */
    Step begin(long newNumber, float newLearningRate) {
      number = newNumber;
      learningRate = newLearningRate;
      return this;
    }

    /**
     * For one tensor: how much it decays, whether it is a weight whose rate may be adapted, and
     * norms where they are needed.
     */
    Step tensor(
        float newWeightDecay, boolean newAdapted, double newParameterNorm, double newGradientNorm) {
      weightDecay = newWeightDecay;
      adapted = newAdapted;
      parameterNorm = newParameterNorm;
      gradientNorm = newGradientNorm;
      return this;
    }

    public long number() {
      return number;
    }

    public float learningRate() {
      return learningRate;
    }

    /** 0 for tensors that do not decay: biases, and batch norm's scale and shift. */
    public float weightDecay() {
      return weightDecay;
    }

    /** Whether it is a weight, not a bias or batch norm's scale or shift. */
    public boolean isAdapted() {
      return adapted;
    }

    /** Of the whole tensor, before the step. */
    public double parameterNorm() {
      return parameterNorm;
    }

    /** Of the whole tensor's gradient, after clipping. */
    public double gradientNorm() {
      return gradientNorm;
    }
  }

  /**
   * Reads what users write, for example {@code sgd(momentum=0.9, nesterov)} or {@code adam}.
   *
   * @throws ConvoyException if it is not understood or out of range; the message has the column and
   *     the choices
   */
  static Optimizer parse(String text) {
    CallText call = new CallText("optimizer", text);
    try {
      Optimizer optimizer =
          switch (call.word()) {
            case "sgd" -> new Sgd((float) call.number("momentum", 0, 0.9), call.flag("nesterov"));
            case "rmsprop" ->
                new RmsProp(
                    (float) call.number("alpha", 0, 0.99),
                    (float) call.number("epsilon", 1, 1e-8),
                    (float) call.number("momentum", 2, 0));
            case "adam", "adamw" ->
                new Adam(
                    (float) call.number("beta1", 0, 0.9),
                    (float) call.number("beta2", 1, 0.999),
                    (float) call.number("epsilon", 2, 1e-8),
                    call.word().equals("adamw"));
            case "lars" ->
                new Lars(
                    (float) call.number("momentum", 0, 0.9),
                    (float) call.number("trust", 1, 0.001),
                    (float) call.number("epsilon", 2, 1e-9));
            default -> throw call.unknown(CHOICES);
          };
      call.end(CHOICES);
      return optimizer;
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("optimizer \"%s\": %s".formatted(text, e.getMessage()), e);
    }
  }
}
