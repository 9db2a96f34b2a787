package org.convoyml.nn.train;

/**
 * Keeps state out of the subnormal numbers, with which processors compute a hundred times slower:
 * the velocities of dead units would decay into them.
 */
final class Tiny {
  /**
   * Added and subtracted again it leaves a number above 10^-23 as it is and makes one below 10^-38
   * zero.
   */
  private static final float TINY = 0x1p-100f;

  private Tiny() {}

  static float flushed(float value) {
    return value + TINY - TINY;
  }
}
