package org.convoyml.nn.engine;

import org.convoyml.nn.spec.NetworkSpec;

/** What every engine checks before it computes, so that all of them complain in the same words. */
public final class Checks {
  private Checks() {}

  /**
   * @throws IllegalStateException if the network was closed
   */
  public static void open(boolean closed) {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
  }

  /**
   * @throws IllegalStateException if the network cannot learn
   */
  public static void training(CompileOptions options) {
    if (options.mode() != CompileOptions.Mode.TRAINING) {
      throw new IllegalStateException("the network was compiled for inference");
    }
  }

  /**
   * @throws IllegalStateException if the network has no parameters yet
   */
  public static void loaded(boolean loaded) {
    if (!loaded) {
      throw new IllegalStateException("no parameters were loaded");
    }
  }

  /**
   * Checks the shape and the number of the examples.
   *
   * @throws IllegalArgumentException if the images have another shape than the network's input, or
   *     there are none or more than {@code maxBatchSize}
   */
  public static void examples(MicroBatch batch, NetworkSpec network, int maxBatchSize) {
    if (!batch.imageShape().equals(network.input())) {
      throw new IllegalArgumentException(
          "expected images of %s, got %s".formatted(network.input(), batch.imageShape()));
    }
    if (batch.size() < 1 || batch.size() > maxBatchSize) {
      throw new IllegalArgumentException(
          "expected 1 to %d examples, got %d".formatted(maxBatchSize, batch.size()));
    }
  }

  /**
   * Checks an array of exact length.
   *
   * @param what the array's name in the message
   * @throws IllegalArgumentException if the lengths differ
   */
  public static void length(String what, int expected, int found) {
    if (expected != found) {
      throw new IllegalArgumentException(
          "%s: expected %d elements, got %d".formatted(what, expected, found));
    }
  }

  /**
   * Checks an array that values are written to.
   *
   * @throws IllegalArgumentException if an output's array is shorter than {@code needed}
   */
  public static void room(String output, int needed, int found) {
    if (found < needed) {
      throw new IllegalArgumentException(
          "output %s: %d values do not fit an array of %d".formatted(output, needed, found));
    }
  }
}
