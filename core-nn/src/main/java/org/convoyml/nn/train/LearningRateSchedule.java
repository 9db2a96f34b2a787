package org.convoyml.nn.train;

import java.io.Serializable;
import org.convoyml.nn.ConvoyException;

/** How the learning rate changes in the course of a training, as a factor of the highest rate. */
public sealed interface LearningRateSchedule extends Serializable {
  /** All that can be written, for messages and help. */
  String CHOICES =
      "constant, cosine, one-cycle(share), step(epochs, factor), exponential(factor),"
          + " polynomial(power), plateau(factor, patience)";

  /**
   * The factor of one step.
   *
   * @param step in {@code [0, totalSteps)}
   * @param stepsPerEpoch positive
   * @param totalSteps of the whole training
   */
  double factor(long step, long stepsPerEpoch, long totalSteps);

  /** Stays what it is. */
  record Constant() implements LearningRateSchedule {
    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      return 1;
    }

    @Override
    public String toString() {
      return "constant";
    }
  }

  /**
   * Half a cosine from 1 to 0.
   *
   * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, SGDR</a>
   */
  record Cosine() implements LearningRateSchedule {
    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      return 0.5 * (1 + StrictMath.cos(StrictMath.PI * step / totalSteps));
    }

    @Override
    public String toString() {
      return "cosine";
    }
  }

  /**
   * Rises along half a cosine from 1/25 to 1 and falls along another to 1/250,000: PyTorch's
   * defaults.
   *
   * @param share of the steps in which it rises, in (0, 1)
   * @see <a href="https://arxiv.org/abs/1708.07120">Smith and Topin, Super-convergence</a>
   */
  record OneCycle(double share) implements LearningRateSchedule {
    private static final double START = 1.0 / 25;
    private static final double END = START / 1e4;

    public OneCycle {
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException("share must be in (0, 1), got " + share);
      }
    }

    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      double peak = share * totalSteps - 1;
      if (step <= peak) {
        return between(START, 1, peak > 0 ? step / peak : 1);
      }
      double last = totalSteps - 1.0;
      return between(1, END, last > peak ? (step - peak) / (last - peak) : 1);
    }

    private static double between(double from, double to, double progress) {
      return to + (from - to) / 2 * (1 + StrictMath.cos(StrictMath.PI * progress));
    }

    @Override
    public String toString() {
      return "one-cycle(" + share + ")";
    }
  }

  /**
   * Is multiplied by a factor every so many epochs.
   *
   * @param epochs positive
   * @param factor in (0, 1]
   */
  record Step(int epochs, double factor) implements LearningRateSchedule {
    public Step {
      if (epochs <= 0) {
        throw new IllegalArgumentException("epochs must be positive, got " + epochs);
      }
      checkFactor(factor);
    }

    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      return StrictMath.pow(factor, step / (stepsPerEpoch * epochs));
    }

    @Override
    public String toString() {
      return "step(%d, %s)".formatted(epochs, factor);
    }
  }

  /**
   * Is multiplied by a factor every epoch.
   *
   * @param factor in (0, 1]
   */
  record Exponential(double factor) implements LearningRateSchedule {
    public Exponential {
      checkFactor(factor);
    }

    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      return StrictMath.pow(factor, step / stepsPerEpoch);
    }

    @Override
    public String toString() {
      return "exponential(" + factor + ")";
    }
  }

  /**
   * Falls from 1 to 0 as {@code (1 − progress)^power}.
   *
   * @param power positive; 1 is linear
   */
  record Polynomial(double power) implements LearningRateSchedule {
    public Polynomial {
      Checks.positive("power", power);
    }

    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      return StrictMath.pow(1 - (double) step / totalSteps, power);
    }

    @Override
    public String toString() {
      return "polynomial(" + power + ")";
    }
  }

  /**
   * Is multiplied by a factor when the epochs' training loss has not fallen for a while. The caller
   * keeps the {@link State} from epoch to epoch.
   *
   * @param factor in (0, 1)
   * @param patience epochs without a new lowest loss that are borne, at least 0
   */
  record Plateau(double factor, int patience) implements LearningRateSchedule {
    /** A loss counts as lower if it is by this share, as in PyTorch. */
    private static final double THRESHOLD = 1e-4;

    public Plateau {
      if (!(factor > 0 && factor < 1)) {
        throw new IllegalArgumentException("factor must be in (0, 1), got " + factor);
      }
      if (patience < 0) {
        throw new IllegalArgumentException("patience must be at least 0, got " + patience);
      }
    }

    /**
     * What is remembered between epochs.
     *
     * @param factor by which the rate has fallen so far
     * @param lowest loss so far
     * @param waited epochs since then
     */
    public record State(double factor, double lowest, int waited) {
      public static final State START = new State(1, Double.POSITIVE_INFINITY, 0);
    }

    /** The state after an epoch with the given mean loss. */
    public State after(State before, double loss) {
      if (loss < before.lowest() * (1 - THRESHOLD)) {
        return new State(before.factor(), loss, 0);
      }
      return before.waited() < patience
          ? new State(before.factor(), before.lowest(), before.waited() + 1)
          : new State(before.factor() * factor, before.lowest(), 0);
    }

    @Override
    public double factor(long step, long stepsPerEpoch, long totalSteps) {
      return 1;
    }

    @Override
    public String toString() {
      return "plateau(%s, %d)".formatted(factor, patience);
    }
  }

  private static void checkFactor(double factor) {
    if (!(factor > 0 && factor <= 1)) {
      throw new IllegalArgumentException("factor must be in (0, 1], got " + factor);
    }
  }

  /**
   * Reads what users write, for example {@code cosine} or {@code step(30, 0.1)}.
   *
   * @throws ConvoyException if it is not understood or out of range; the message has the column and
   *     the choices
   */
  static LearningRateSchedule parse(String text) {
    CallText call = new CallText("schedule", text);
    try {
      LearningRateSchedule schedule =
          switch (call.word()) {
            case "constant" -> new Constant();
            case "cosine" -> new Cosine();
            case "one-cycle" -> new OneCycle(call.number("share", 0, 0.3));
            case "step" ->
                new Step(whole("epochs", call.number("epochs", 0)), call.number("factor", 1, 0.1));
            case "exponential" -> new Exponential(call.number("factor", 0));
            case "polynomial" -> new Polynomial(call.number("power", 0, 1));
            case "plateau" ->
                new Plateau(
                    call.number("factor", 0, 0.1),
                    whole("patience", call.number("patience", 1, 10)));
            default -> throw call.unknown(CHOICES);
          };
      call.end(CHOICES);
      return schedule;
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("schedule \"%s\": %s".formatted(text, e.getMessage()), e);
    }
  }

  private static int whole(String name, double value) {
    if (value != Math.rint(value) || Math.abs(value) > 1e9) {
      throw new IllegalArgumentException(name + " must be a whole number, got " + value);
    }
    return (int) value;
  }
}
