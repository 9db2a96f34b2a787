package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/** How operations that multiply something draw their factor. */
public final class Factor {
  /** Allowed values of {@code strength}. */
  public static final Range STRENGTH = new Range(0, 10);

  private Factor() {}

  /** Uniform in {@code [max(0, 1 − strength), 1 + strength)}. */
  static double draw(KeyedRandom random, double strength) {
    return random.uniform(Math.max(0, 1 - strength), 1 + strength);
  }
}
